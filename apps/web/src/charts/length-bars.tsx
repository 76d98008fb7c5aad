import { For, type JSX } from 'solid-js'
import styles from './length-bars.module.css'

export type LengthBar = { label: string; value: number; text: string }

/** Values as columns from left to right, each with its label and its value as text. */
export function LengthBars(props: { label: string; bars: readonly LengthBar[] }): JSX.Element {
  const most = () => Math.max(1, ...props.bars.map(({ value }) => value))
  return (
    <ol class={styles['bars']} aria-label={props.label}>
      <For each={props.bars}>
        {(bar) => (
          <li class={styles['bar']}>
            <span class={styles['label']}>{bar.label}</span>
            <span class={styles['track']} aria-hidden="true">
              <span class={styles['fill']} style={{ width: `${(100 * bar.value) / most()}%` }} />
            </span>
            <span class={styles['value']}>{bar.text}</span>
          </li>
        )}
      </For>
    </ol>
  )
}
