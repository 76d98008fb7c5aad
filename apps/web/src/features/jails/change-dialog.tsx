import type { ChangeResult } from '@bangui/shared'
import { type Accessor, createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { describeError, type Problem } from '../../api/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { CancelLoad, createOverdue } from './cancel-load.tsx'
import { type ChangePreviewData, PreviewShape } from './change-preview.tsx'
import { UndoneView } from './undone-view.tsx'

/** The state of a change of the configuration after it was requested. */
export type Applying = {
  busy: Accessor<boolean>
  problem: Accessor<Problem | undefined>
  /** fail2ban refused it when it was loaded */
  undone: Accessor<ChangeResult | undefined>
  start: () => Promise<void>
}

/**
 * Applies a change of the configuration on request; calls `onApplied` if fail2ban accepted it, `onCrashed` if fail2ban ended in
 * its load, which the recovery banner shows.
 */
export function createApplying(
  change: () => Promise<ChangeResult>,
  onApplied: (result: ChangeResult) => void | Promise<void>,
  onCrashed: () => void,
): Applying {
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const [undone, setUndone] = createSignal<ChangeResult>()
  const start = async () => {
    setBusy(true)
    try {
      const result = await change()
      if (result.applied) await onApplied(result)
      else if (result.crashed) onCrashed()
      else setUndone(result)
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, undone, start }
}

export type ChangeDialogProps<TPreview extends ChangePreviewData> = {
  title: string
  /** of the jail */
  name: string
  query: {
    readonly isError: boolean
    readonly isFetching: boolean
    readonly error: Error | null
    readonly refetch: () => unknown
  }
  /** undefined while it is loaded */
  preview: TPreview | undefined
  applying: Applying
  /** the button that applies the change */
  verb: string
  /** @default 'primary' */
  variant?: 'primary' | 'danger'
  /** why the button is unavailable */
  unavailable?: string | false | undefined
  onClose: () => void
  /** replaces the text about a preview that could not be loaded */
  failure?: JSX.Element
  children: (preview: Accessor<TPreview>) => JSX.Element
}

/** Changes the configuration of a jail: shows a preview, applies the change, and shows the outcome. */
export function ChangeDialog<TPreview extends ChangePreviewData>(
  props: ChangeDialogProps<TPreview>,
): JSX.Element {
  const overdue = createOverdue(() => props.applying.busy())
  const mayApply = () => {
    const { preview, query, applying } = props
    if (!preview || query.isError || applying.problem() || applying.undone()) return false
    return !preview.already && preview.refused === null && !preview.readOnly
  }
  return (
    <Dialog
      open
      onOpenChange={() => props.onClose()}
      size="lg"
      locked={props.applying.busy()}
      title={props.title}
      footer={
        <>
          <Show when={!props.applying.busy()} fallback={overdue() && <CancelLoad />}>
            <Button onClick={() => props.onClose()}>{mayApply() ? 'Cancel' : 'Close'}</Button>
          </Show>
          <Show when={mayApply()}>
            <Button
              variant={props.variant ?? 'primary'}
              loading={props.applying.busy()}
              unavailable={props.unavailable}
              onClick={() => void props.applying.start()}
            >
              {props.verb}
            </Button>
          </Show>
        </>
      }
    >
      <Switch fallback={<PreviewShape />}>
        <Match when={props.applying.undone()}>
          {(result) => <UndoneView result={result()} name={props.name} />}
        </Match>
        <Match when={props.applying.problem()}>
          {(described) => <ErrorState title={`${props.name} was not changed.`} why={described().message} />}
        </Match>
        <Match when={props.query.isError && !props.query.isFetching}>
          <Show
            when={props.failure}
            fallback={
              <ErrorState
                title="BanGUI could not work out what would happen."
                why={describeError(props.query.error).message}
                onRetry={() => void props.query.refetch()}
              />
            }
          >
            {(shown) => <>{shown()}</>}
          </Show>
        </Match>
        <Match when={props.preview}>{(known) => props.children(known)}</Match>
      </Switch>
    </Dialog>
  )
}
