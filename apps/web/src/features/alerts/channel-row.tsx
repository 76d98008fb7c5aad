import { type ListedAlertChannel, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { plural } from '../../lib/format.ts'
import { useCan } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { LazyMenu } from '../../ui/lazy-menu.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { Switch } from '../../ui/switch.tsx'
import { channelKinds } from './alert-words.ts'
import styles from './alerts.module.css'
import { describeSending, targetOf } from './channel-words.ts'
import { alertQueries } from './queries.ts'
import { useAlertChange } from './use-alert-change.ts'

/** One channel: where it sends, what became of its last message, and a button that tests it. */
export function ChannelRow(props: { channel: ListedAlertChannel; onEdit: () => void }): JSX.Element {
  const api = useApi()
  const canWrite = useCan('alerts.write')
  const client = useQueryClient()
  const change = useAlertChange()
  const [tested, setTested] = createSignal<Tested>()
  const [removing, setRemoving] = createSignal(false)
  const name = () => showHidden(props.channel.name)
  const test = async () => {
    setTested(undefined)
    try {
      setTested(await api.alerts.testChannel.mutate({ id: props.channel.id }))
    } catch (error) {
      setTested({ ok: false, answer: describeError(error).message })
    }
    void client.invalidateQueries({ queryKey: alertQueries.all })
  }
  const enable = (enabled: boolean) =>
    void change(
      api.alerts.updateChannel.mutate({ id: props.channel.id, enabled }),
      'The channel was not changed',
    )
  return (
    <li class={styles['row']} data-switch={canWrite() ? '' : undefined}>
      <Show when={canWrite()}>
        <Switch hideLabel label={`Use ${name()}`} checked={props.channel.enabled} onChange={enable} />
      </Show>
      <div class={styles['what']}>
        <div class={styles['titles']}>
          <h3 class={styles['title']}>{name()}</h3>
          <Badge>{channelKinds[props.channel.kind].label}</Badge>
          <Show when={!props.channel.enabled}>
            <Badge>Off</Badge>
          </Show>
        </div>
        <Show when={targetOf(props.channel)}>
          {(target) => <p class={styles['target']}>{showHidden(target())}</p>}
        </Show>
        <p class={styles['facts']}>
          {describeSending(props.channel)}
          <Show when={props.channel.waiting > 0}>
            {' '}
            {plural(props.channel.waiting, 'message waits', 'messages wait')}.
          </Show>
        </p>
        <Show when={props.channel.problem}>
          {(why) => (
            <p class={styles['problem']} role="note">
              {showHidden(why())}
            </p>
          )}
        </Show>
        <LastMessage channel={props.channel} tested={tested()} />
      </div>
      <Show when={canWrite()}>
        <div class={styles['actions']}>
          <AsyncButton size="sm" aria-label={`Send test to ${name()}`} onPress={test}>
            Send test
          </AsyncButton>
          <LazyMenu
            label={`More actions for ${name()}`}
            trigger={<Ellipsis />}
            items={() => [
              { label: 'Edit', onSelect: () => props.onEdit() },
              { label: 'Remove…', tone: 'danger', onSelect: () => setRemoving(true) },
            ]}
          />
        </div>
      </Show>
      <Show when={removing()}>
        <RemoveChannel channel={props.channel} onClose={() => setRemoving(false)} />
      </Show>
    </li>
  )
}

function RemoveChannel(props: { channel: ListedAlertChannel; onClose: () => void }): JSX.Element {
  const api = useApi()
  const change = useAlertChange()
  return (
    <ConfirmDialog
      title={`Remove the channel “${props.channel.name}”?`}
      description="Its secrets are deleted, its waiting messages are not sent, and rules no longer send to it. To stop the channel for a while, switch it off instead."
      confirm="Remove channel"
      onClose={() => props.onClose()}
      onConfirm={() =>
        change(api.alerts.removeChannel.mutate({ id: props.channel.id }), 'The channel was not removed')
      }
    />
  )
}

type Tested = { ok: boolean; answer: string }

/** What became of the test, else of the last message. */
function LastMessage(props: { channel: ListedAlertChannel; tested: Tested | undefined }): JSX.Element {
  return (
    <>
      <Show when={!props.tested && props.channel.last}>
        {(last) => (
          <p class={styles['facts']}>
            <StatusDot
              tone={last().ok ? 'ok' : 'danger'}
              label={last().ok ? 'Last message sent' : 'Last message failed'}
            />{' '}
            <RelativeTime time={last().at} />
            <Show when={!last().ok && last().answer}>{(answer) => <>: {showHidden(answer())}</>}</Show>
          </p>
        )}
      </Show>
      <div aria-live="polite">
        <Show when={props.tested}>
          {(result) => (
            <p class={styles['answer']} data-tone={result().ok ? 'ok' : 'danger'}>
              <StatusDot
                tone={result().ok ? 'ok' : 'danger'}
                label={result().ok ? 'The test message was sent.' : 'The test message was not sent.'}
              />{' '}
              {showHidden(result().answer)}
            </p>
          )}
        </Show>
      </div>
    </>
  )
}
