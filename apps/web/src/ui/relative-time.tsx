import { createMemo, type JSX } from 'solid-js'
import { useNow } from '../lib/clock.ts'
import { formatExact, formatRelative } from '../lib/format.ts'
import styles from './relative-time.module.css'

/** A moment as "5 min. ago" that ticks; the exact time with its zone on hover and focus. */
export function RelativeTime(props: {
  /** epoch milliseconds */
  time: number
}): JSX.Element {
  const now = useNow()
  const text = createMemo(() => formatRelative(props.time, now()))
  return (
    <time
      class={styles['time']}
      datetime={new Date(props.time).toISOString()}
      data-tooltip={formatExact(props.time)}
      tabindex="0"
    >
      {text()}
    </time>
  )
}
