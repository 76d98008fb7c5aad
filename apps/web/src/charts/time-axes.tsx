import { For, type JSX } from 'solid-js'
import { formatCompact } from '../lib/format-counts.ts'
import { type countScale, formatTick } from './scales.ts'
import type { Plot } from './series.ts'
import styles from './time-series.module.css'

export type TimeAxesProps = {
  plot: Plot
  counts: ReturnType<typeof countScale>
  times: readonly number[]
  start: number
  /** milliseconds */
  span: number
}

/** The lines and numbers of the count axis, and the time axis below. */
export function TimeAxes(props: TimeAxesProps): JSX.Element {
  const x = (time: number) => props.plot.left + ((time - props.start) / props.span) * props.plot.width
  const y = (count: number) => props.plot.top + props.plot.height * (1 - count / props.counts.top)
  return (
    <>
      <For each={props.counts.ticks}>
        {(count) => (
          <>
            <line
              class={styles['grid']}
              x1={props.plot.left}
              x2={props.plot.left + props.plot.width}
              y1={y(count)}
              y2={y(count)}
            />
            <text class={styles['tick']} x={props.plot.left - 6} y={y(count) + 4} text-anchor="end">
              {formatCompact(count)}
            </text>
          </>
        )}
      </For>
      <For each={props.times}>
        {(time) => (
          <text
            class={styles['tick']}
            x={x(time)}
            y={props.plot.top + props.plot.height + 18}
            text-anchor="middle"
          >
            {formatTick(time, props.span)}
          </text>
        )}
      </For>
    </>
  )
}
