import type { StatsOverview } from '@bangui/shared'
import { type Accessor, createMemo, type JSX, Show, untrack } from 'solid-js'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { Sparkline } from '../../charts/sparkline.tsx'
import { countUnrecorded } from '../../charts/unrecorded.tsx'
import { describeChange } from '../../lib/format-counts.ts'
import { formatNumber } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import type { EventCounts } from '../../live/reducer.ts'
import { Card } from '../../ui/card.tsx'
import { Stat } from '../../ui/stat.tsx'
import { QueryContent } from '../../stats/query-content.tsx'
import { statsQueries } from '../../stats/queries.ts'
import { describeBefore } from '../../stats/range-text.ts'
import { describeRecorded, formatSince } from '../../stats/recorded.ts'
import { QueryError } from '../../stats/query-error.tsx'
import type { RangeState } from '../../stats/use-range.ts'
import styles from './metrics.module.css'

/** The four numbers of the range, with a sparkline and the change since the previous period. */
export function Metrics(props: { state: RangeState }): JSX.Element {
  const live = useLive()
  const metrics = createMetrics(() => props.state)
  const { query, data, more, moreFailures } = metrics
  return (
    <Show
      when={!query.isError || data()}
      fallback={
        <Card>
          <QueryError title="The numbers could not be loaded" query={query} />
        </Card>
      }
    >
      <QueryContent query={query}>
        <div class={styles['metrics']} data-stale={live.connection === 'offline' ? '' : undefined}>
          <Stat
            label="Bans"
            value={metrics.total('bans', more('ban.added'))}
            hint={<Trend {...metrics.trend('bans', more('ban.added'))} />}
            href={props.state.link('/activity?type=ban')}
          />
          <Show
            when={!noFailures(props.state)}
            fallback={<Stat label="Failures" value="–" hint={noFailures(props.state)} />}
          >
            <Stat
              label="Failures"
              value={metrics.total('failures', moreFailures())}
              hint={
                <Show
                  when={data()?.failuresSince}
                  fallback={<Trend {...metrics.trend('failures', moreFailures())} />}
                >
                  {(time) => (
                    <>
                      <span class={styles['change']} data-whole="">
                        counted since {formatSince(time())}
                      </span>
                      <Curve overview={data()} of="failures" since={time()} />
                    </>
                  )}
                </Show>
              }
              href={props.state.link('/activity?type=failure')}
            />
          </Show>
          <Stat
            label="Banned now"
            value={metrics.active()}
            hint={
              <>
                <span class={styles['change']} data-whole="">
                  {props.state.source() === 'live' ? 'fail2ban keeps no earlier numbers' : 'active bans'}
                </span>
                <Curve overview={data()} of="activeBans" since={data()?.recordedSince} />
              </>
            }
            href={props.state.origin() ? `/bans?origin=${props.state.origin()}` : '/bans'}
          />
          <Stat
            label="New addresses"
            value={metrics.total('newAddresses', 0)}
            hint={<Trend {...metrics.trend('newAddresses', 0)} />}
            href={props.state.link('/activity?type=ban&first=1')}
          />
        </div>
      </QueryContent>
    </Show>
  )
}

/** Returns why there are no failures to count. */
function noFailures(state: RangeState): string | undefined {
  if (state.source() === 'live') return 'not stored in fail2ban’s database'
  const origin = state.origin()
  return origin === undefined || origin === 'fail2ban' ? undefined : 'only fail2ban’s bans come from failures'
}

type Metric = 'bans' | 'failures' | 'newAddresses'

/** The numbers of the overview: what the server counted, and the events since. */
function createMetrics(state: Accessor<RangeState>) {
  const api = useStatsApi()
  const live = useLive()
  const query = useQuery(() => statsQueries.overview(api, state().query()))
  const since = createLiveCounts(() => query.dataUpdatedAt)
  // a past range gets no more events, and nobody has counted whose bans they are
  const grows = () =>
    typeof state().range() === 'string' && state().origin() === undefined && !query.isPlaceholderData
  const more = (type: keyof EventCounts) => (grows() ? since(type) : 0)
  const data = () => query.data
  const active = () => {
    const known = data()
    if (!known) return undefined
    if (live.runtime?.serverStatus.online === false) return '–'
    return formatNumber(Math.max(0, known.activeBans + more('ban.added') - more('ban.removed')))
  }
  return {
    query,
    data,
    more,
    moreFailures: () => more('failure.found') - more('echoes'),
    active,
    total: (metric: Metric, added: number) => {
      const known = data()
      return known && formatNumber(known[metric] + added)
    },
    trend: (metric: Metric, added: number): TrendProps => ({
      overview: data(),
      metric,
      added,
      span: describeBefore(state().range()),
    }),
  }
}

type TrendProps = {
  overview: StatsOverview | undefined
  metric: Metric
  /** events since the overview was loaded */
  added: number
  /** the previous period, in words */
  span: string
}

function Trend(props: TrendProps): JSX.Element {
  return (
    <>
      <span class={styles['change']} data-whole="">
        <Show
          when={props.overview?.recordedSince}
          fallback={
            <Change
              now={(props.overview?.[props.metric] ?? 0) + props.added}
              before={props.overview?.previous?.[props.metric]}
              span={props.span}
            />
          }
        >
          {(time) => <>{describeRecorded(time())}</>}
        </Show>
      </span>
      <Curve overview={props.overview} of={props.metric} since={props.overview?.recordedSince} />
    </>
  )
}

function Curve(props: {
  overview: StatsOverview | undefined
  of: Exclude<keyof StatsOverview['sparklines'], 'bucketSeconds'>
  since: number | undefined
}): JSX.Element {
  return (
    <Sparkline
      points={props.overview?.sparklines[props.of]}
      unrecorded={unrecordedPoints(props.overview, props.since)}
    />
  )
}

/** Returns how many of the first points of a sparkline were not recorded. */
const unrecordedPoints = (overview: StatsOverview | undefined, since: number | undefined): number =>
  overview
    ? countUnrecorded({
        start: overview.from,
        bucketSeconds: overview.sparklines.bucketSeconds,
        recordedSince: since,
      })
    : 0

function Change(props: { now: number; before: number | undefined; span: string }): JSX.Element {
  return (
    <Show when={props.before !== undefined} fallback={<>&nbsp;</>}>
      {describeChange(props.now, props.before ?? 0, props.span)}
    </Show>
  )
}

/** Returns how many events of a type came since the numbers were loaded. */
function createLiveCounts(updatedAt: Accessor<number>): (type: keyof EventCounts) => number {
  const live = useLive()
  const before = createMemo(() => (updatedAt(), untrack(() => live.counts)))
  return (type) => (live.counts[type] ?? 0) - (before()[type] ?? 0)
}
