import { createEffect, createMemo, createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { cancelCountings, isOwnCounting } from '../api/countings.ts'
import { formatShare } from '../lib/format-counts.ts'
import { useLive } from '../live/live-store.tsx'
import { Button } from '../ui/button.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import styles from './counting-note.module.css'

/** Counting that takes less time shows no note. */
const SHOW_AFTER_MS = 600

/** The progress of counting a range for this page, and a button that cancels it. */
export function CountingNote(): JSX.Element {
  const live = useLive()
  const own = createMemo(() =>
    Object.values(live.operations).filter(
      ({ id, kind, state }) => kind === 'statistics' && state === 'running' && isOwnCounting(id),
    ),
  )
  const isUnderWay = createMemo(() => own().length > 0)
  const isLong = createLasting(isUnderWay, SHOW_AFTER_MS)
  // the numbers are ready when the slowest count is
  const share = createMemo(() => {
    const shares = own().flatMap(({ done, total }) => (total ? [done / total] : []))
    return shares.length > 0 ? Math.min(...shares) : undefined
  })
  return (
    <Show when={isLong()}>
      <span class={styles['note']}>
        <ProgressBar label="Counting bans" done={share() ?? 0} total={share() === undefined ? null : 1} />
        <span aria-hidden="true">
          Counting{share() === undefined ? '…' : ` ${formatShare(share() ?? 0, 1)}`}
        </span>
        <Button size="sm" aria-label="Cancel the counting" onClick={cancelCountings}>
          Cancel
        </Button>
      </span>
    </Show>
  )
}

/** Returns whether `is` has been true for that long. */
function createLasting(is: () => boolean, milliseconds: number): () => boolean {
  const [lasting, setLasting] = createSignal(false)
  createEffect(() => {
    if (!is()) return
    const timer = setTimeout(() => setLasting(true), milliseconds)
    onCleanup(() => {
      clearTimeout(timer)
      setLasting(false)
    })
  })
  return lasting
}
