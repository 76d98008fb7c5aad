import { showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatDuration } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import styles from './lists.module.css'
import { protectionQueries } from './queries.ts'

/** Problems that are solved, the last one first. */
export function EndedCard(): JSX.Element {
  const api = useApi()
  const live = useLive()
  const ended = useQuery(() => protectionQueries.ended(api, live.runtime?.health.revision ?? 0))
  return (
    <Show when={(ended.data?.length ?? 0) > 0}>
      <Card>
        <Disclosure label="Solved" note={ended.data?.length}>
          <ul class={styles['list']}>
            <For each={ended.data}>
              {(finding) => (
                <li class={styles['row']}>
                  <div class={styles['words']}>
                    <h3 class={styles['name']}>{showHidden(finding.title)}</h3>
                    <p class={styles['text']}>
                      solved <RelativeTime time={finding.until} />, lasted{' '}
                      {formatDuration(Math.max(0, Math.round((finding.until - finding.since) / 1000)))}
                    </p>
                  </div>
                </li>
              )}
            </For>
          </ul>
        </Disclosure>
      </Card>
    </Show>
  )
}
