import { createSignal, type JSX, Show } from 'solid-js'
import { describeActivity } from '../../lib/activity.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { PauseDialog } from './pause-dialog.tsx'

/** Begins a maintenance pause, after a question. Shows nothing where no jail runs, or to whoever may not control jails. */
export function PauseButton(): JSX.Element {
  const live = useLive()
  const canControl = useCanChange('jails.control')
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <Show when={canControl() && live.jails?.some(({ running }) => running)}>
        <Button
          size="sm"
          unavailable={live.runtime?.pause ? 'A pause is already running' : describeActivity(live.runtime)}
          onClick={() => setOpen(true)}
        >
          Pause all jails…
        </Button>
      </Show>
      <Show when={open()}>
        <PauseDialog onClose={() => setOpen(false)} />
      </Show>
    </>
  )
}
