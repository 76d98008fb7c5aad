import { type Delivery, type ListedAlertChannel, showHidden } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import Mail from 'lucide-solid/icons/mail'
import { createEffect, For, type JSX, on, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useInfiniteQuery } from '../../api/use-query.ts'
import { plural } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Link } from '../../ui/link.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoreBar } from '../../ui/more-bar.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { deliveryKinds, deliveryStates } from './alert-words.ts'
import styles from './alerts.module.css'
import { alertQueries } from './queries.ts'

export type MessagesTabProps = { channels: readonly ListedAlertChannel[]; revision: number }

/** The log of the messages: what was sent where, and what the channel answered. */
export function MessagesTab(props: MessagesTabProps): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ channel?: string }>()
  const channel = () => props.channels.find(({ id }) => String(id) === params.channel)
  const filter = () => {
    const chosen = channel()
    return chosen ? { channel: chosen.id } : {}
  }
  const query = useInfiniteQuery(() => alertQueries.deliveries(api, filter()))
  createEffect(
    on(
      () => props.revision,
      () => void client.invalidateQueries({ queryKey: ['alerts', 'deliveries'] }),
      { defer: true },
    ),
  )
  return (
    <Card
      title="Messages"
      description="What was sent, newest first, and what the channel answered."
      flush
      actions={
        <Select
          label="Channel"
          hideLabel
          value={params.channel ?? ''}
          options={[
            { value: '', label: 'All channels' },
            ...props.channels.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          onChange={(next) => setParams({ channel: next || undefined }, { scroll: false })}
        />
      }
    >
      <Loaded query={query} what="The messages" fallback={<Skeleton lines={6} height="18px" />}>
        {(data) => (
          <ul class={styles['rows']} aria-label="Messages, newest first">
            <For
              each={data().pages.flatMap(({ rows }) => rows)}
              fallback={
                <li class={styles['empty']}>
                  <EmptyState icon={<Mail />} title="No messages yet">
                    BanGUI lists here every message that it sends or tries to send, including tests.
                  </EmptyState>
                </li>
              }
            >
              {(delivery) => <MessageRow delivery={delivery} />}
            </For>
          </ul>
        )}
      </Loaded>
      <MoreBar query={query} />
    </Card>
  )
}

function MessageRow(props: { delivery: Delivery }): JSX.Element {
  const state = () => deliveryStates[props.delivery.state]
  const title = () => showHidden(props.delivery.title)
  return (
    <li class={styles['row']}>
      <div class={styles['what']}>
        <div class={styles['titles']}>
          <Badge>{deliveryKinds[props.delivery.kind]}</Badge>
          <h3 class={styles['title']}>
            <Show when={props.delivery.incident} fallback={title()}>
              {(incident) => (
                <Link href={`/alerts?tab=messages&incident=${encodeURIComponent(incident())}`} quiet>
                  {title()}
                </Link>
              )}
            </Show>
          </h3>
        </div>
        <Show when={props.delivery.answer}>
          {(answer) => <p class={styles['text']}>{showHidden(answer())}</p>}
        </Show>
        <Show when={props.delivery.text}>
          {(text) => (
            <Disclosure label="Message">
              <p class={styles['text']}>{showHidden(text())}</p>
            </Disclosure>
          )}
        </Show>
        <p class={styles['facts']}>
          {showHidden(props.delivery.channelName)} ·{' '}
          <RelativeTime time={props.delivery.sentAt ?? props.delivery.createdAt} />
          <Show when={props.delivery.merged > 0}> · with {plural(props.delivery.merged, 'other')}</Show>
          <Show when={props.delivery.attempts > 1}> · {plural(props.delivery.attempts, 'attempt')}</Show>
          <Show when={props.delivery.state === 'waiting' && props.delivery.nextAt}>
            {(at) => (
              <>
                {' '}
                · due <RelativeTime time={at()} />
              </>
            )}
          </Show>
          <Show when={props.delivery.doubtful}> · may arrive twice: BanGUI stopped while sending it</Show>
        </p>
      </div>
      <Badge tone={state().tone}>{state().word}</Badge>
    </li>
  )
}
