import { For, type JSX } from 'solid-js'
import { formatNumber } from '../lib/format.ts'
import { formatBucket } from './scales.ts'
import { type Series, total } from './series.ts'
import styles from './chart-table.module.css'

export type SeriesTableProps = {
  label: string
  start: number
  bucketSeconds: number
  series: readonly Series[]
}

/** Counts over time as a table, the newest first. */
export function SeriesTable(props: SeriesTableProps): JSX.Element {
  const rows = () => {
    const length = Math.max(0, ...props.series.map(({ points }) => points.length))
    return Array.from({ length }, (_, index) => length - 1 - index)
  }
  return (
    <div class={styles['scroll']} tabindex="0" role="region" aria-label={`${props.label}, table`}>
      <table class={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <For each={props.series}>{(each) => <th scope="col">{each.name}</th>}</For>
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(index) => (
              <tr>
                <th scope="row">
                  {formatBucket(props.start + index * props.bucketSeconds * 1000, props.bucketSeconds)}
                </th>
                <For each={props.series}>{(each) => <td>{formatNumber(each.points[index] ?? 0)}</td>}</For>
                <td>{formatNumber(total(props.series.map(({ points }) => points[index] ?? 0)))}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
