import { type Operation, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { formatNumber } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './operations-strip.module.css'

/** Running operations, with their progress and a cancel button; counting and checks are shown on the page that requested them. */
export function OperationsStrip(): JSX.Element {
  const live = useLive()
  const running = () =>
    Object.values(live.operations).filter(
      ({ state, kind }) => state === 'running' && kind !== 'statistics' && kind !== 'health',
    )
  return (
    <For each={running().map((each) => each.id)}>
      {(id) => (
        <Show when={live.operations[id]}>{(operation) => <RunningOperation operation={operation()} />}</Show>
      )}
    </For>
  )
}

function RunningOperation(props: { operation: Operation }): JSX.Element {
  const api = useStatsApi()
  const canCancel = useCanChange('operations.cancel')
  const [cancelling, setCancelling] = createSignal(false)
  const title = () => showHidden(props.operation.title)
  const total = () => props.operation.total
  const numbers = () =>
    total() === null
      ? formatNumber(props.operation.done)
      : `${formatNumber(props.operation.done)} of ${formatNumber(total() ?? 0)}`

  const cancel = async () => {
    setCancelling(true)
    try {
      await api.operations.cancel.mutate({ id: props.operation.id })
    } catch (error) {
      setCancelling(false)
      toast({ tone: 'danger', title: 'Not cancelled', text: describeError(error).message })
    }
  }

  return (
    <div class={styles['operation']}>
      <span class={styles['title']}>{title()}</span>
      <ProgressBar label={title()} done={props.operation.done} total={props.operation.total} />
      <span class={styles['numbers']}>{numbers()}</span>
      <Show when={props.operation.cancellable && canCancel()}>
        <Button
          size="sm"
          loading={cancelling()}
          aria-label={`Cancel: ${title()}`}
          onClick={() => void cancel()}
        >
          Cancel
        </Button>
      </Show>
    </div>
  )
}
