import { createMemo, For, type JSX, Show } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Link } from '../../ui/link.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { listAttention } from './attention.ts'
import styles from './attention-card.module.css'

const tones: Readonly<Record<string, string>> = { danger: 'Urgent', warning: 'Warning' }

/** What a person should look at, the worst first. */
export function AttentionCard(): JSX.Element {
  const live = useLive()
  const items = createMemo(() => listAttention(live.runtime, live.jails))
  return (
    <Card title="Needs your attention" flush>
      <Show when={items()} fallback={<Shape />}>
        {(known) => (
          <ul class={styles['list']}>
            <For
              each={known()}
              fallback={
                <li class={styles['none']}>
                  {live.connection === 'offline'
                    ? 'Not known: BanGUI cannot be reached.'
                    : 'Nothing needs your attention.'}
                </li>
              }
            >
              {(item) => (
                <li class={styles['item']}>
                  <StatusDot tone={item.tone} label={tones[item.tone] ?? ''} hideLabel />
                  <span class={styles['title']} data-whole="">
                    <Show when={item.href} fallback={item.title}>
                      {(href) => (
                        <Link href={href()} quiet>
                          {item.title}
                        </Link>
                      )}
                    </Show>
                  </span>
                  <span class={styles['detail']} data-whole="">
                    {item.detail}
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
    </Card>
  )
}

const Shape = (): JSX.Element => (
  <div class={styles['none']} aria-busy="true">
    <Skeleton lines={3} />
  </div>
)
