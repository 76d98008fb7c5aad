import { showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatNumber } from '../lib/format.ts'
import { formatBucket } from './scales.ts'
import { type Series, total } from './series.ts'
import { countUnrecorded, type Recording } from './unrecorded.tsx'
import styles from './chart-table.module.css'

export type SeriesTableProps = Recording & {
  label: string
  series: readonly Series[]
}

/** Counts over time as a table, the newest first. */
export function SeriesTable(props: SeriesTableProps): JSX.Element {
  const rows = () => {
    const length = Math.max(0, ...props.series.map(({ points }) => points.length))
    return Array.from({ length }, (_, index) => length - 1 - index)
  }
  const sumAt = (index: number) => total(props.series.map(({ points }) => points[index] ?? 0))
  return (
    <div class={styles['scroll']} tabindex="0" role="region" aria-label={`${props.label}, table`}>
      <table class={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <For each={props.series}>{(each) => <th scope="col">{showHidden(each.name)}</th>}</For>
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
                <Show
                  when={index >= countUnrecorded(props) || sumAt(index) > 0}
                  fallback={
                    <td class={styles['gap']} colspan={props.series.length + 1}>
                      not recorded
                    </td>
                  }
                >
                  <For each={props.series}>{(each) => <td>{formatNumber(each.points[index] ?? 0)}</td>}</For>
                  <td>{formatNumber(sumAt(index))}</td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
