import type { JSX } from 'solid-js'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export type RemoveDialogProps = {
  title: string
  /** what the button says */
  what: string
  /** the consequence */
  children: JSX.Element
  onClose: () => void
  /** returns whether it is removed */
  onRemove: () => Promise<boolean>
}

/** Asks before something is removed that cannot come back. */
export function RemoveDialog(props: RemoveDialogProps): JSX.Element {
  const remove = async () => {
    if (await props.onRemove()) props.onClose()
  }
  return (
    <Dialog
      open
      size="sm"
      role="alertdialog"
      onOpenChange={() => props.onClose()}
      title={props.title}
      description={props.children}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <AsyncButton variant="danger" onPress={remove}>
            {props.what}
          </AsyncButton>
        </>
      }
    />
  )
}
