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

/** The four figures of the range, with their shape over time and their change against the time before. */
export function Metrics(props: { state: RangeState }): JSX.Element {
  const api = useStatsApi()
  const live = useLive()
  const query = useQuery(() => statsQueries.overview(api, props.state.asked()))
  const since = createLiveCounts(() => query.dataUpdatedAt)
  // a span that is over gets no more events
  const grows = () => typeof props.state.range() === 'string' && !query.isPlaceholderData
  const more = (type: keyof EventCounts) => (grows() ? since(type) : 0)
  const moreFailures = () => more('failure.found') - more('echoes')
  const data = () => query.data
  const isAway = () => live.runtime?.serverStatus.online === false
  const active = () => {
    const known = data()
    if (!known) return undefined
    return isAway()
      ? '–'
      : formatNumber(Math.max(0, known.activeBans + more('ban.added') - more('ban.removed')))
  }
  const figure = (key: 'bans' | 'failures' | 'newAddresses', added: number) => {
    const known = data()
    return known && formatNumber(known[key] + added)
  }
  const sparkline = (key: Curve, from = data()?.recordedSince) => (
    <Sparkline points={data()?.sparklines[key]} unrecorded={unrecordedPoints(data(), from)} />
  )
  const change = (key: 'bans' | 'failures' | 'newAddresses', added: number) => (
    <>
      <span class={styles['change']}>
        <Show
          when={data()?.recordedSince}
          fallback={
            <Change
              now={(data()?.[key] ?? 0) + added}
              before={data()?.previous?.[key]}
              span={describeBefore(props.state.range())}
            />
          }
        >
          {(time) => describeRecorded(time())}
        </Show>
      </span>
      {sparkline(key)}
    </>
  )

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
        <div class={styles['figures']} data-stale={live.connection === 'offline' ? '' : undefined}>
          <Stat
            label="Bans"
            value={figure('bans', more('ban.added'))}
            hint={change('bans', more('ban.added'))}
            href={props.state.link('/activity')}
          />
          <Show
            when={props.state.source() === 'archive'}
            fallback={<Stat label="Failures" value="–" hint="fail2ban’s database keeps none" />}
          >
            <Stat
              label="Failures"
              value={figure('failures', moreFailures())}
              hint={
                <Show when={data()?.failuresSince} fallback={change('failures', moreFailures())}>
                  {(time) => (
                    <>
                      <span class={styles['change']}>counted since {formatSince(time())}</span>
                      {sparkline('failures', time())}
                    </>
                  )}
                </Show>
              }
              href={props.state.link('/activity?type=failure')}
            />
          </Show>
          <Stat
            label="Banned now"
            value={active()}
            hint={
              <>
                <span class={styles['change']}>
                  {props.state.source() === 'live' ? 'fail2ban keeps no earlier numbers' : 'active bans'}
                </span>
                {sparkline('activeBans')}
              </>
            }
            href="/bans"
          />
          <Stat
            label="New addresses"
            value={figure('newAddresses', 0)}
            hint={change('newAddresses', 0)}
            href={props.state.link('/activity')}
          />
        </div>
      </QueryContent>
    </Show>
  )
}

type Curve = Exclude<keyof StatsOverview['sparklines'], 'bucketSeconds'>

/** How many of the first points of a small curve were not recorded. */
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

/** How many events of a type came since the figures were read. */
function createLiveCounts(updatedAt: Accessor<number>): (type: keyof EventCounts) => number {
  const live = useLive()
  const before = createMemo(() => (updatedAt(), untrack(() => live.counts)))
  return (type) => (live.counts[type] ?? 0) - (before()[type] ?? 0)
}
