import { type Pause, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { describeActivity } from '../../lib/activity.ts'
import { formatExact, plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'

/** Says on every page that jails are idle because of maintenance: who, until when, and a button that ends it. */
export function PauseBanner(): JSX.Element {
  const live = useLive()
  return <Show when={live.runtime?.pause}>{(pause) => <Running pause={pause()} />}</Show>
}

function Running(props: { pause: Pause }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const canControl = useCanChange('jails.control')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const resume = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await api.pause.end.mutate({ operationId: createOperationId() })
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  const count = () => props.pause.jails.length
  return (
    <Banner
      bar
      stacked
      tone="warning"
      title={`Maintenance pause until ${formatExact(props.pause.endsAt)}: ${plural(count(), 'jail')} ${count() === 1 ? 'bans' : 'ban'} nobody.`}
      actions={
        <Show when={canControl()}>
          <Button
            size="sm"
            loading={busy()}
            unavailable={busy() ? false : describeActivity(live.runtime)}
            onClick={() => void resume()}
          >
            Resume now
          </Button>
        </Show>
      }
    >
      {showHidden(props.pause.by)} began it at {formatExact(props.pause.startedAt)}
      {props.pause.reason === null ? '.' : `: ${showHidden(props.pause.reason)}.`} The jails work again by
      themselves.
      <Show when={problem()}>{(message) => <p>{showHidden(message())}</p>}</Show>
    </Banner>
  )
}
