import { type Operation, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { describeUndo, undoPermission } from '../../lib/operation-words.ts'
import { useOperationActions } from './use-operation-actions.ts'

export type OperationActionsProps = {
  operation: Operation
  /** called when it was continued or undone, also where that failed */
  onDone?: () => void
}

/** The buttons that continue and undo an operation, as far as that is possible and the user may. */
export function OperationActions(props: OperationActionsProps): JSX.Element {
  const live = useLive()
  const { goOn, undo } = useOperationActions()
  const canBan = useCanChange('bans.write')
  const canControl = useCanChange('jails.control')
  const canConfigure = useCanChange('config.write')
  const canUndo = () => {
    const needed = undoPermission(props.operation)
    return canBan() && (needed === 'config.write' ? canConfigure() : needed === 'bans.write' || canControl())
  }
  const [asking, setAsking] = createSignal(false)
  const title = () => showHidden(props.operation.title)
  const unavailable = () => live.runtime?.serverStatus.online !== true && 'fail2ban is not running'
  const run = async (work: (operation: Operation) => Promise<boolean>) => {
    try {
      await work(props.operation)
    } finally {
      setAsking(false)
      props.onDone?.()
    }
  }
  return (
    <>
      <Show when={props.operation.resumable && canBan()}>
        <AsyncButton
          size="sm"
          variant="primary"
          aria-label={`Continue: ${title()}`}
          unavailable={unavailable()}
          onPress={() => run(goOn)}
        >
          Continue
        </AsyncButton>
      </Show>
      <Show when={props.operation.undoable && canUndo()}>
        <Button
          size="sm"
          aria-label={`Undo: ${title()}`}
          unavailable={unavailable()}
          onClick={() => setAsking(true)}
        >
          Undo
        </Button>
      </Show>
      <Show when={asking()}>
        <Dialog
          open
          role="alertdialog"
          title={`Undo: ${props.operation.title}`}
          description={describeUndo(props.operation)}
          onOpenChange={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>Cancel</Button>
              <AsyncButton variant="primary" onPress={() => run(undo)}>
                Undo the operation
              </AsyncButton>
            </>
          }
        />
      </Show>
    </>
  )
}
