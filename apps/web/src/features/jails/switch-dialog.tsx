import { type ChangeResult, showHidden, type SwitchPreview } from '@bangui/shared'
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { describeActivity } from '../../lib/activity.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { toast } from '../../ui/toast.tsx'
import { jailQueries } from './queries.ts'
import { PreviewShape, PreviewView } from './switch-preview.tsx'
import { noteSwitch } from './switch-state.ts'
import { UndoneView } from './undone-view.tsx'

export type SwitchTarget = { name: string; enabled: boolean }

/** Switches a jail on or off: says what will happen, does it, and says what happened. */
export function SwitchDialog(props: { target: SwitchTarget; onClose: () => void }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const preview = useQuery(() => jailQueries.preview(api, props.target.name, props.target.enabled))
  const [applying, setApplying] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const [undone, setUndone] = createSignal<ChangeResult>()
  const verb = () => (props.target.enabled ? 'Activate' : 'Deactivate')
  const found = () => (preview.isFetching ? undefined : preview.data)
  const busyElsewhere = () => (applying() ? undefined : describeActivity(live.runtime))
  const ended = () => problem() !== undefined || undone() !== undefined
  const mayApply = () => {
    const data = found()
    if (data === undefined || preview.isError || ended()) return false
    return !data.already && data.refused === null && !data.readOnly
  }

  const apply = async () => {
    const { name, enabled } = props.target
    setApplying(true)
    try {
      const result = await api.jails[enabled ? 'activate' : 'deactivate'].mutate({ name })
      if (!result.applied) {
        setUndone(result)
        return
      }
      noteSwitch({ name, enabled, at: Date.now() })
      // the harm that it did is on screen already
      if (live.runtime?.pendingRecovery?.recovered !== false)
        toast({
          tone: 'ok',
          title: `${name} is switched ${enabled ? 'on' : 'off'}`,
          text: 'BanGUI watches fail2ban for 60 seconds.',
        })
      props.onClose()
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setApplying(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={() => props.onClose()}
      size="lg"
      locked={applying()}
      title={`${verb()} ${props.target.name}`}
      footer={
        <>
          <Show when={!applying()}>
            <Button onClick={() => props.onClose()}>{mayApply() ? 'Cancel' : 'Close'}</Button>
          </Show>
          <Show when={mayApply()}>
            <Button
              variant={props.target.enabled ? 'primary' : 'danger'}
              loading={applying()}
              unavailable={busyElsewhere()}
              onClick={() => void apply()}
            >
              {verb()} {showHidden(props.target.name)}
            </Button>
          </Show>
        </>
      }
    >
      <Switch>
        <Match when={undone()}>{(result) => <UndoneView result={result()} name={props.target.name} />}</Match>
        <Match when={problem()}>
          {(described) => (
            <ErrorState title={`${props.target.name} was not changed.`} why={described().message} />
          )}
        </Match>
        <Match when={preview.isError && !preview.isFetching}>
          <ErrorState
            title="BanGUI could not work out what would happen."
            why={describeError(preview.error).message}
            onRetry={() => void preview.refetch()}
          />
        </Match>
        <Match when={found()}>
          {(data) => <PreviewView preview={data() satisfies SwitchPreview} applying={applying()} />}
        </Match>
        <Match when={preview.isFetching}>
          <PreviewShape />
        </Match>
      </Switch>
    </Dialog>
  )
}
