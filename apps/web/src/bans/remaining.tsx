import { createMemo, type JSX, Show } from 'solid-js'
import { useNow } from '../lib/clock.ts'
import { formatDuration, formatExact } from '../lib/format.ts'
import styles from './remaining.module.css'

/** The remaining time of a ban, with a bar that drains; the exact end on hover and focus. */
export function Remaining(props: {
  /** epoch milliseconds; null: permanent */
  until: number | null
  /** the whole duration in seconds */
  duration: number
}): JSX.Element {
  const now = useNow()
  const left = createMemo(() => Math.max(0, Math.round(((props.until ?? 0) - now()) / 1000)))
  const share = () => Math.min(100, (left() / Math.max(1, props.duration)) * 100)
  return (
    <Show when={props.until} fallback={<span class={styles['permanent']}>permanent</span>}>
      {(until) => (
        <span class={styles['remaining']} data-tooltip={`until ${formatExact(until())}`} tabindex="0">
          <span>{left() === 0 ? 'ending' : formatDuration(left())}</span>
          <span class={styles['track']} aria-hidden="true">
            <span class={styles['bar']} style={{ width: `${share().toFixed(1)}%` }} />
          </span>
        </span>
      )}
    </Show>
  )
}
