import { For, type JSX } from 'solid-js'
import { formatCount } from '../lib/format-figures.ts'
import styles from './world-map.module.css'

/** What the shades mean, from the fewest to the most. */
export function MapLegend(props: { unit: string; most: number }): JSX.Element {
  return (
    <div class={styles['legend']}>
      <span>1</span>
      <span class={styles['scale']} aria-hidden="true">
        <For each={[1, 2, 3, 4, 5]}>{(shade) => <span data-shade={shade} />}</For>
      </span>
      <span>{formatCount(Math.max(1, props.most), props.unit)}</span>
    </div>
  )
}
