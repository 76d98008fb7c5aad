import { type JSX, Show } from 'solid-js'
import styles from './sparkline.module.css'

/** The shape of a figure over time, for the eye only: the figure beside it has the words. */
export function Sparkline(props: {
  /** none where they are not known */
  points: readonly number[] | undefined
}): JSX.Element {
  return (
    <svg class={styles['line']} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <Show when={props.points && props.points.length > 0 && props.points}>
        {(points) => (
          <>
            <path class={styles['area']} d={`${sparkPath(points())}V24H0Z`} />
            <path class={styles['stroke']} d={sparkPath(points())} />
          </>
        )}
      </Show>
    </svg>
  )
}

/** A path over 100 by 24; what never changes is a line at the bottom. */
export function sparkPath(points: readonly number[]): string {
  const most = Math.max(1, ...points)
  const step = 100 / Math.max(1, points.length - 1)
  const line = points.map((count, index) => `${round(index * step)} ${round(23 - (22 * count) / most)}`)
  return line.length === 1 ? `M0 ${line[0]?.split(' ')[1]}H100` : `M${line.join('L')}`
}

const round = (value: number) => Math.round(value * 10) / 10
