import type { JSX } from 'solid-js'
import { plural } from '../lib/format.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Asks for confirmation before a whole list of bans ends, because that cannot be undone with a click. */
export function UnbanDialog(props: {
  count: number
  /** '' for all jails */
  jail: string
  onConfirm: () => void
  onClose: () => void
}): JSX.Element {
  const what = () => plural(props.count, 'ban')
  // a jail bans an address once; several jails can ban the same address
  const title = () =>
    props.jail === '' ? `End ${what()}?` : `Unban ${plural(props.count, 'address', 'addresses')}?`
  const where = () => (props.jail === '' ? 'of this list' : `of ${props.jail}`)
  return (
    <Dialog
      open
      size="sm"
      role="alertdialog"
      onOpenChange={() => props.onClose()}
      title={title()}
      description={`${what()} ${where()} ${props.count === 1 ? 'ends' : 'end'}. Unless another ban covers them, these addresses can reach this server again immediately.`}
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
