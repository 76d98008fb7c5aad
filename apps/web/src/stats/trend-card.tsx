import type { Range, Source, TrendInput } from '@bangui/shared'
import ChartColumn from 'lucide-solid/icons/chart-column'
import { createMemo, ErrorBoundary, type JSX, lazy, Match, Suspense, Switch } from 'solid-js'
import { useSearchParams } from '@solidjs/router'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { defineLazyModule } from '../lib/lazy-module.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SegmentedControl } from '../ui/segmented-control.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { QueryContent } from './query-content.tsx'
import { statsQueries } from './queries.ts'
import { inRange, spanOf } from './range-text.ts'
import { recordedSentence } from './recorded.ts'
import { QueryError } from './query-error.tsx'
import type { RangeState } from './use-range.ts'

type Measure = NonNullable<TrendInput['measure']>

const chartModule = defineLazyModule(() => import('../charts/time-series.tsx'))
const TimeSeries = lazy(async () => ({ default: (await chartModule.load()).TimeSeries }))
const measures = [
  { value: 'bans', label: 'Bans' },
  { value: 'failures', label: 'Failures' },
] as const

export type TrendCardProps = {
  state: RangeState
  /** of the chart, in px. @default 220 */
  height?: number
  /** the URL parameter of the measure, if another one has that name. @default 'measure' */
  name?: 'measure' | 'trend'
}

/** Bans or failures over time by jail; a range that is dragged on it becomes the range of the whole page. */
export function TrendCard(props: TrendCardProps): JSX.Element {
  const api = useStatsApi()
  const [params, setParams] = useSearchParams<Record<'measure' | 'trend', string>>()
  const name = () => props.name ?? 'measure'
  const measure = (): Measure => (params[name()] === 'failures' ? 'failures' : 'bans')
  const setMeasure = (next: Measure) =>
    setParams({ [name()]: next === 'failures' ? next : undefined }, { scroll: false })
  const query = useQuery(() =>
    statsQueries.trend(api, { ...props.state.query(), measure: measure(), buckets: 60 }),
  )
  const series = createMemo(() => query.data?.series.map(({ jail, points }) => ({ name: jail, points })))
  const isEmpty = () => series()?.every(({ points }) => points.every((count) => count === 0)) ?? false
  const hint = () =>
    measure() === 'failures' && isShort(props.state.range())
      ? 'Failures are counted by the hour.'
      : 'Drag to zoom in.'
  // unrecorded is not the same as zero
  const unknown = () =>
    query.data?.recordedSince === undefined
      ? undefined
      : describeUnknown({ ...props.state.query(), measure: measure(), since: query.data.recordedSince })
  const height = () => props.height ?? 220

  return (
    <Card
      title={`${measure() === 'bans' ? 'Bans' : 'Failures'} over time`}
      description={`By jail, ${inRange(props.state.range())}. ${hint()}`}
      actions={
        <SegmentedControl label="Measure" value={measure()} segments={measures} onChange={setMeasure} />
      }
    >
      <Switch fallback={<Shape height={height()} />}>
        <Match when={query.isError && !query.data}>
          <QueryError title="The trend could not be loaded" query={query} />
        </Match>
        <Match when={isEmpty() && !query.isPlaceholderData}>
          <EmptyState
            icon={<ChartColumn />}
            title={unknown()?.title ?? `No ${measure()} ${inRange(props.state.range())}`}
          >
            {unknown()?.text ??
              'Each column is a time span, each colour a jail. Choose a longer range to look further back.'}
          </EmptyState>
        </Match>
        <Match when={isEmpty() ? undefined : query.data}>
          {(data) => (
            <ErrorBoundary fallback={(_error, reset) => <Failed onRetry={reset} />}>
              <Suspense fallback={<Shape height={height()} />}>
                <QueryContent query={query}>
                  <TimeSeries
                    label={`${measure() === 'bans' ? 'Bans' : 'Failures'} over time`}
                    unit={measure()}
                    start={data().start}
                    bucketSeconds={data().bucketSeconds}
                    series={series() ?? []}
                    recordedSince={data().recordedSince}
                    height={height()}
                    onSelect={props.state.setRange}
                  />
                </QueryContent>
              </Suspense>
            </ErrorBoundary>
          )}
        </Match>
      </Switch>
    </Card>
  )
}

type Unknown = { range: Range; source: Source; measure: Measure; since: number }

/** Replaces an empty chart whose time was not or not fully recorded. */
function describeUnknown({ range, source, measure, since }: Unknown): { title: string; text: string } {
  const what = measure === 'bans' ? 'Bans' : 'Failures'
  if (source === 'live' && measure === 'failures')
    return {
      title: 'Failures are not recorded',
      text: 'fail2ban’s own database keeps no failures; BanGUI’s archive does.',
    }
  const { to = Date.now() } = spanOf(range, Date.now())
  return {
    title: since >= to ? 'Not recorded' : `No ${measure} ${inRange(range)}`,
    text: recordedSentence(what, since),
  }
}

/** Returns whether bans are counted by the minute. */
const isShort = (range: Range) => typeof range === 'object' && range.to - range.from <= 6 * 3_600_000

/** Replaces a chart that could not be drawn or fetched. */
const Failed = (props: { onRetry: () => void }): JSX.Element => (
  <ErrorState
    title="The chart could not be drawn"
    why="Its code could not be loaded, or its data cannot be drawn."
    onRetry={props.onRetry}
  />
)

const Shape = (props: { height: number }): JSX.Element => (
  <div aria-busy="true">
    <Skeleton height={`${props.height + 36}px`} />
  </div>
)
