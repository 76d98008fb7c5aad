import type { JSX } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

/** Asks before a whole list of bans ends: that is not undone with a click. */
export function UnbanDialog(props: {
  count: number
  /** '' for every jail */
  jail: string
  onConfirm: () => void
  onClose: () => void
}): JSX.Element {
  const what = () => plural(props.count, 'ban')
  return (
    <Dialog
      open
      size="sm"
      role="alertdialog"
      onOpenChange={() => props.onClose()}
      title={`Unban ${plural(props.count, 'address', 'addresses')}?`}
      description={
        props.jail === ''
          ? `${what()} in every jail ${props.count === 1 ? 'ends' : 'end'}. These addresses reach this machine again at once.`
          : `${what()} of ${props.jail} ${props.count === 1 ? 'ends' : 'end'}. These addresses reach this machine again at once.`
      }
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button variant="danger" onClick={() => props.onConfirm()}>
            End {what()}
          </Button>
        </>
      }
    />
  )
}
