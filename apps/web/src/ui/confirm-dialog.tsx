import { createSignal, type JSX } from 'solid-js'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export type ConfirmDialogProps = {
  /** a question that names the thing: "Remove worms?" */
  title: string
  /** the consequence */
  description: JSX.Element
  /** the button that does it: "Remove blocklist" */
  confirm: string
  /** Does it, and returns whether the dialog can close; reports its own errors. */
  onConfirm: () => Promise<boolean>
  onClose: () => void
  children?: JSX.Element
}

/** Asks before something is done that cannot be undone with a click. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const confirm = async () => {
    setBusy(true)
    const isDone = await props.onConfirm()
    setBusy(false)
    if (isDone) props.onClose()
  }
  return (
    <Dialog
      open
      size="sm"
      role="alertdialog"
      locked={busy()}
      onOpenChange={() => props.onClose()}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button unavailable={busy() && 'BanGUI is working on it'} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button variant="danger" loading={busy()} onClick={() => void confirm()}>
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  )
}
