import { showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatCount } from '../lib/format-counts.ts'
import { formatNumber } from '../lib/format.ts'
import { formatBucket } from './scales.ts'
import { total } from './series.ts'
import type { DrawnSeries } from './series-colours.ts'
import { countUnrecorded, type Recording } from './unrecorded.tsx'
import styles from './time-series.module.css'

type PointProps = Recording & { unit: string; series: readonly DrawnSeries[] }

/** Returns the values of a point as one sentence. */
export function describePoint(props: PointProps, index: number): string {
  const time = props.start + index * props.bucketSeconds * 1000
  const parts = props.series.flatMap(({ name, points }) =>
    points[index] ? [`${showHidden(name)} ${formatNumber(points[index])}`] : [],
  )
  const sum = total(props.series.map(({ points }) => points[index] ?? 0))
  const isRecorded = index >= countUnrecorded(props)
  if (!isRecorded && sum === 0) parts.unshift('not recorded')
  else parts.unshift(...(isRecorded ? [] : ['not fully recorded']), formatCount(sum, props.unit))
  return `${formatBucket(time, props.bucketSeconds)}: ${parts.join(', ')}`
}

export type ChartReadoutProps = PointProps & {
  index: number
  /** of the point, in px, in a plot of this width */
  x: number
  width: number
}

/** The same, beside the point under the pointer. */
export function ChartReadout(props: ChartReadoutProps): JSX.Element {
  const rows = () =>
    props.series
      .map(({ name, points, colour }) => ({ name, colour, count: points[props.index] ?? 0 }))
      .filter(({ count }) => count > 0)
  const isUnrecorded = () => props.index < countUnrecorded(props)
  const isLeft = () => props.x > props.width / 2
  // as wide as its content, if there is less room beside the point
  const columns = () =>
    isLeft()
      ? `minmax(max-content, ${Math.round(props.x - GAP_PX)}px) 1fr`
      : `minmax(0, ${Math.round(props.x + GAP_PX)}px) minmax(max-content, 1fr)`
  return (
    <div class={styles['beside']} aria-hidden="true" style={{ 'grid-template-columns': columns() }}>
      <div class={styles['readout']} data-side={isLeft() ? 'left' : 'right'}>
        <p class={styles['moment']}>
          {formatBucket(props.start + props.index * props.bucketSeconds * 1000, props.bucketSeconds)}
        </p>
        <Show when={isUnrecorded()}>
          <p>{rows().length > 0 ? 'Not fully recorded' : 'Not recorded'}</p>
        </Show>
        <For each={rows()} fallback={isUnrecorded() ? undefined : <p>No {props.unit}</p>}>
          {(row) => (
            <p class={styles['line']}>
              <span class={styles['swatch']} data-series={row.colour} />
              <span class={styles['name']}>{showHidden(row.name)}</span>
              <span class={styles['count']}>{formatNumber(row.count)}</span>
            </p>
          )}
        </For>
        <Show when={rows().length > 1}>
          <p class={styles['line']}>
            <span class={styles['name']}>Total</span>
            <span class={styles['count']}>{formatNumber(total(rows().map(({ count }) => count)))}</span>
          </p>
        </Show>
      </div>
    </div>
  )
}

/** Distance between the point and its text. */
const GAP_PX = 12
