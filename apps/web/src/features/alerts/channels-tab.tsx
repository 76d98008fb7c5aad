import { type ListedAlertChannel } from '@bangui/shared'
import Plus from 'lucide-solid/icons/plus'
import Send from 'lucide-solid/icons/send'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useCan } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { toast } from '../../ui/toast.tsx'
import { useQueryClient } from '@tanstack/solid-query'
import { ChannelDialog } from './channel-dialog.tsx'
import { ChannelRow } from './channel-row.tsx'
import { alertQueries } from './queries.ts'
import styles from './alerts.module.css'

/** The channels: where messages go. */
export function ChannelsTab(props: { channels: readonly ListedAlertChannel[] }): JSX.Element {
  const client = useQueryClient()
  const canWrite = useCan('alerts.write')
  const [editing, setEditing] = createSignal<ListedAlertChannel | 'new'>()
  const saved = (isNew: boolean) => {
    setEditing(undefined)
    toast({
      tone: 'ok',
      title: isNew ? 'Channel added' : 'Channel saved',
      ...(isNew && { text: 'Send a test message to see whether it arrives.' }),
    })
    void client.invalidateQueries({ queryKey: alertQueries.all })
  }
  const add = () => (
    <Show when={canWrite()}>
      <Button variant="primary" size="sm" icon={<Plus />} onClick={() => setEditing('new')}>
        Add channel
      </Button>
    </Show>
  )
  return (
    <>
      <Show
        when={props.channels.length > 0}
        fallback={
          <Card>
            <EmptyState icon={<Send />} title="No channel yet" action={add()}>
              A channel is where messages go: e-mail, a webhook, ntfy, Gotify, Telegram, Discord or Slack.
              {canWrite() ? '' : ' An administrator can add one.'}
            </EmptyState>
          </Card>
        }
      >
        <Card
          title="Channels"
          description="Where messages go. A rule names the channels that it sends to."
          flush
          actions={add()}
        >
          <ul class={styles['rows']} aria-label="Channels">
            {/* by id: a row keeps the answer of its test */}
            <For each={props.channels.map(({ id }) => id)}>
              {(id) => (
                <Show when={props.channels.find((channel) => channel.id === id)}>
                  {(channel) => <ChannelRow channel={channel()} onEdit={() => setEditing(channel())} />}
                </Show>
              )}
            </For>
          </ul>
        </Card>
      </Show>
      <Show when={editing()} keyed>
        {(which) => (
          <ChannelDialog
            channel={which === 'new' ? undefined : which}
            onClose={() => setEditing(undefined)}
            onSaved={() => saved(which === 'new')}
          />
        )}
      </Show>
    </>
  )
}
