import { type JSX, Show } from 'solid-js'
import styles from './progress-bar.module.css'

export type ProgressBarProps = {
  /** says what is under way */
  label: string
  done: number
  /** null: nobody knows how much there is */
  total: number | null
}

/** How far something long is. */
export function ProgressBar(props: ProgressBarProps): JSX.Element {
  return (
    // a bar that has no value has no such attribute at all
    <Show when={props.total} fallback={<progress class={styles['bar']} aria-label={props.label} />}>
      {(total) => (
        <progress class={styles['bar']} aria-label={props.label} max={total()} value={props.done} />
      )}
    </Show>
  )
}
