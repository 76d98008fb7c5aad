import { type Jail, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useJailActions, type ActionProblem } from './jail-actions.ts'
import { ActionProblemView } from './action-problem.tsx'

/** Asks for confirmation before a jail is stopped, which ends its bans; shows errors in place. */
export function StopDialog(props: { jail: Jail; onClose: () => void }): JSX.Element {
  const run = useJailActions()
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<ActionProblem>()
  const bans = () => props.jail.currentlyBanned
  const stop = async () => {
    setBusy(true)
    const found = await run('stop', props.jail.name)
    setBusy(false)
    if (!found) return props.onClose()
    setProblem(found)
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
          It bans nobody until it is started, or until fail2ban reloads or restarts, because its configuration
          still enables it. Other jails keep running.
        </>
      }
      footer={
        <>
          <Button unavailable={busy() && 'fail2ban is stopping it'} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button variant="danger" loading={busy()} onClick={() => void stop()}>
            Stop {showHidden(props.jail.name)}
          </Button>
        </>
      }
    >
      <Show when={problem()}>{(found) => <ActionProblemView problem={found()} />}</Show>
    </Dialog>
  )
}
