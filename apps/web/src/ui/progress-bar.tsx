import { type JSX, Show } from 'solid-js'
import styles from './progress-bar.module.css'

export type ProgressBarProps = {
  /** what is in progress */
  label: string
  done: number
  /** null: the total is unknown */
  total: number | null
}

/** The progress of long work. */
export function ProgressBar(props: ProgressBarProps): JSX.Element {
  return (
    // without a value, the attribute must be absent
    <Show when={props.total} fallback={<progress class={styles['bar']} aria-label={props.label} />}>
      {(total) => (
        <progress class={styles['bar']} aria-label={props.label} max={total()} value={props.done} />
      )}
    </Show>
  )
}
