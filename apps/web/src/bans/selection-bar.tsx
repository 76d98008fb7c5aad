import X from 'lucide-solid/icons/x'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { plural } from '../lib/format.ts'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { toast } from '../ui/toast.tsx'
import { useBanActions } from './ban-actions.ts'
import { type BanView, inputOf, isUnfiltered } from './ban-view.ts'
import { collectBans } from './collect-bans.ts'
import type { Selection } from './selection.ts'
import styles from './selection-bar.module.css'
import { UnbanDialog } from './unban-dialog.tsx'

export type SelectionBarProps = {
  view: BanView
  selection: Selection
  count: number
  /** the bans were ended, or the selection was cleared */
  onDone: () => void
}

/** The actions on selected bans. A few end at once, with an undo; a whole list needs a confirmation first. */
export function SelectionBar(props: SelectionBarProps): JSX.Element {
  const api = useStatsApi()
  const actions = useBanActions()
  const [busy, setBusy] = createSignal(false)
  const [confirming, setConfirming] = createSignal(false)
  const isWholeJail = () => isUnfiltered(props.view) && props.selection.bans.size === 0

  const unbanEverything = async () => {
    if (isWholeJail()) return actions.unbanAll(props.view.jail || undefined)
    const bans = await collectBans(api, inputOf(props.view), props.selection.bans)
    return actions.unban(bans)
  }
  const run = async () => {
    setConfirming(false)
    setBusy(true)
    try {
      const done = await (props.selection.everything
        ? unbanEverything()
        : actions.unban([...props.selection.bans.values()]))
      if (done) props.onDone()
    } catch (error) {
      toast({ tone: 'danger', title: 'Could not unban', text: describeError(error).message })
    } finally {
      setBusy(false)
    }
  }

  return (
    <div class={styles['bar']} role="group" aria-label="Actions for the selected bans">
      <span class={styles['count']} aria-live="polite">
        {plural(props.count, 'ban')} selected
      </span>
      <Button
        size="sm"
        variant="primary"
        loading={busy()}
        onClick={() => (props.selection.everything ? setConfirming(true) : void run())}
      >
        Unban
      </Button>
      <IconButton size="sm" icon={<X />} label="Clear selection" onClick={() => props.onDone()} />
      <Show when={confirming()}>
        <UnbanDialog
          count={props.count}
          jail={props.view.jail}
          onConfirm={() => void run()}
          onClose={() => setConfirming(false)}
        />
      </Show>
    </div>
  )
}
