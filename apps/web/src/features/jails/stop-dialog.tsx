import type { Jail } from '@bangui/shared'
import { createSignal, type JSX } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useJailVerbs } from './jail-verbs.ts'

/** Asks before a jail is stopped, which ends its bans. */
export function StopDialog(props: { jail: Jail; onClose: () => void }): JSX.Element {
  const run = useJailVerbs()
  const [busy, setBusy] = createSignal(false)
  const bans = () => props.jail.currentlyBanned
  const stop = async () => {
    setBusy(true)
    await run('stop', props.jail.name)
    props.onClose()
  }
  return (
    <Dialog
      open
      size="sm"
      role="alertdialog"
      locked={busy()}
      onOpenChange={() => props.onClose()}
      title={`Stop ${props.jail.name}?`}
      description={
        <>
          {bans() === 0
            ? 'It has no bans now. '
            : `${plural(bans(), 'ban')} of this jail ${bans() === 1 ? 'ends' : 'end'} at once. `}
          It bans nobody until it is started, or until fail2ban is loaded or started again: its configuration
          stays switched on. Every other jail runs on.
        </>
      }
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button variant="danger" loading={busy()} onClick={() => void stop()}>
            Stop {props.jail.name}
          </Button>
        </>
      }
    />
  )
}
