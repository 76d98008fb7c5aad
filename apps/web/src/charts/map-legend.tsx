import { createMemo, For, type JSX } from 'solid-js'
import { formatCompact, unitFor } from '../lib/format-counts.ts'
import { type ShadeStep, shadeSteps } from './map-view.ts'
import styles from './world-map.module.css'

/** What the shades mean: the values of each, from the lowest to the highest. */
export function MapLegend(props: { unit: string; most: number }): JSX.Element {
  const steps = createMemo(() => shadeSteps(props.most))
  return (
    <ul class={styles['legend']} aria-label="Shades">
      <For each={steps()}>
        {(step) => (
          <li class={styles['step']}>
            <span class={styles['swatch']} data-shade={step.shade} aria-hidden="true" />
            {describeStep(step)} {step === steps().at(-1) ? unitFor(step.to, props.unit) : ''}
          </li>
        )}
      </For>
    </ul>
  )
}

const describeStep = ({ from, to }: ShadeStep): string => {
  const [first, last] = [formatCompact(from), formatCompact(to)]
  return first === last ? first : `${first}–${last}`
}
