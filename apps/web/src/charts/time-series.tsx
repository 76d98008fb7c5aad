import { showHidden } from '@bangui/shared'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { formatNumber } from '../lib/format.ts'
import { groupSeries, MAX_SERIES, type Series, total } from './series.ts'
import { createSeriesColours } from './series-colours.ts'
import { SeriesTable } from './series-table.tsx'
import { TimePlot } from './time-plot.tsx'
import { countUnrecorded, UnrecordedKey } from './unrecorded.tsx'
import styles from './time-series.module.css'

export type TimeSeriesProps = {
  /** the content, such as "Bans over time" */
  label: string
  /** what is counted: "bans" */
  unit: string
  /** time of the first point, epoch milliseconds */
  start: number
  bucketSeconds: number
  series: readonly Series[]
  /** since when the counts are recorded; earlier points are hatched. @default all are recorded */
  recordedSince?: number | undefined
  /** lets the reader select a range by dragging, or by the arrow keys with Shift */
  onSelect?: (span: { from: number; to: number }) => void
  /** @default 220 */
  height?: number
}

/** One for all charts, so that a jail has the same colour on every page. */
const colour = createSeriesColours()

/** Counts over time, stacked: axes, legend, a readout by pointer and keyboard, a brush, and a table of the same data. */
export function TimeSeries(props: TimeSeriesProps): JSX.Element {
  const [asTable, setAsTable] = createSignal(false)
  const series = createMemo(() => colour(groupSeries(props.series, MAX_SERIES)))
  return (
    <figure class={styles['figure']} aria-label={props.label}>
      <div class={styles['top']}>
        <ul class={styles['legend']} aria-label="Legend">
          <For each={series()}>
            {(each) => (
              <li class={styles['key']}>
                <span class={styles['swatch']} data-series={each.colour} aria-hidden="true" />
                <span class={styles['name']}>{showHidden(each.name)}</span>{' '}
                <span class={styles['sum']}>{formatNumber(total(each.points))}</span>
              </li>
            )}
          </For>
          <Show when={countUnrecorded(props) > 0}>
            <UnrecordedKey />
          </Show>
        </ul>
        <Button variant="ghost" size="sm" aria-pressed={asTable()} onClick={() => setAsTable(!asTable())}>
          Table
        </Button>
      </div>
      <Show when={!asTable()} fallback={<SeriesTable {...props} series={series()} />}>
        <TimePlot {...props} series={series()} height={props.height ?? 220} />
      </Show>
    </figure>
  )
}
