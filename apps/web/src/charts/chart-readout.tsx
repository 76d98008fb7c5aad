import { For, type JSX } from 'solid-js'
import { formatCount } from '../lib/format-figures.ts'
import { formatNumber } from '../lib/format.ts'
import { formatBucket } from './scales.ts'
import { type Series, total } from './series.ts'
import styles from './time-series.module.css'

type PointProps = { unit: string; start: number; bucketSeconds: number; series: readonly Series[] }

/** What a point holds, in one sentence. */
export function describePoint(props: PointProps, index: number): string {
  const time = props.start + index * props.bucketSeconds * 1000
  const parts = props.series.flatMap(({ name, points }) =>
    points[index] ? [`${name} ${formatNumber(points[index])}`] : [],
  )
  const sum = total(props.series.map(({ points }) => points[index] ?? 0))
  const head = `${formatBucket(time, props.bucketSeconds)}: ${formatCount(sum, props.unit)}`
  return parts.length > 0 ? `${head}, ${parts.join(', ')}` : head
}

/** The same, beside the point that the pointer is at. */
export function ChartReadout(props: PointProps & { index: number; share: number }): JSX.Element {
  const rows = () =>
    props.series
      .map(({ name, points }, index) => ({ name, series: index + 1, count: points[props.index] ?? 0 }))
      .filter(({ count }) => count > 0)
  return (
    <div
      class={styles['readout']}
      aria-hidden="true"
      style={{ left: `${Math.min(0.98, Math.max(0.02, props.share)) * 100}%` }}
      data-side={props.share > 0.5 ? 'left' : 'right'}
    >
      <p class={styles['moment']}>
        {formatBucket(props.start + props.index * props.bucketSeconds * 1000, props.bucketSeconds)}
      </p>
      <For each={rows()} fallback={<p>No {props.unit}</p>}>
        {(row) => (
          <p class={styles['line']}>
            <span class={styles['swatch']} data-series={row.series} />
            {row.name}
            <span class={styles['count']}>{formatNumber(row.count)}</span>
          </p>
        )}
      </For>
    </div>
  )
}
