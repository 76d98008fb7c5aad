import { createMemo, type JSX, Show } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useStatsApi } from '../../api/stats-api.ts'
import { useQuery } from '../../api/use-query.ts'
import { EventSourceNote } from '../../feed/event-source-note.tsx'
import { LiveFeed } from '../../feed/live-feed.tsx'
import { useLive } from '../../live/live-store.tsx'
import { useLiveRefresh } from '../../stats/live-refresh.ts'
import { statesQuery, statsQueries } from '../../stats/queries.ts'
import { RangePicker } from '../../stats/range-picker.tsx'
import { RecordedNote } from '../../stats/recorded-note.tsx'
import { TrendCard } from '../../stats/trend-card.tsx'
import { type RangeState, useRange } from '../../stats/use-range.ts'
import { Page } from '../../ui/page.tsx'
import { AttentionCard } from './attention-card.tsx'
import { CheckButton } from './check-button.tsx'
import { FirstRunCard } from './first-run-card.tsx'
import { JailBars } from './jail-bars.tsx'
import { Metrics } from './metrics.tsx'
import styles from './overview-page.module.css'
import { StatusStrip } from './status-strip.tsx'

/** The state of the protection at a glance; then what it did. */
export function OverviewPage(): JSX.Element {
  return (
    <QueryProvider>
      <Overview />
    </QueryProvider>
  )
}

/** The chart's height where the whole page fits on a screen of 1440 × 900, in px. */
const CHART_HEIGHT_PX = 100

function Overview(): JSX.Element {
  const live = useLive()
  const state = useRange()
  useLiveRefresh(state)
  const days = createDays()
  const isFirstRun = createFirstRun(state)
  return (
    <Page
      title="Overview"
      actions={
        <>
          <RangePicker state={state} />
          <CheckButton />
        </>
      }
    >
      <EventSourceNote progressOnly />
      <div class={styles['overview']} data-stale={live.connection === 'offline' ? '' : undefined}>
        <StatusStrip days={days.daemon()} />
        <RecordedNote state={state} />
        <Metrics state={state} />
        <div class={styles['columns']}>
          <div class={styles['main']}>
            <JailBars days={days.jails()} />
            <Show when={!isFirstRun()} fallback={<FirstRunCard />}>
              <TrendCard state={state} height={CHART_HEIGHT_PX} />
            </Show>
          </div>
          <div class={styles['side']}>
            <AttentionCard />
            <LiveFeed rows={20} more="/activity" />
          </div>
        </div>
      </div>
    </Page>
  )
}

/** Returns the last days of fail2ban and of each jail; undefined: not loaded yet, or they cannot be. */
function createDays() {
  const api = useStatsApi()
  const query = useQuery(() => statesQuery(api))
  const byJail = createMemo(
    () => query.data && new Map(query.data.map(({ jail, days }) => [jail ?? '', days])),
  )
  return {
    jails: byJail,
    daemon: () => {
      const all = byJail()
      return all && (all.get('') ?? [])
    },
  }
}

/** Returns whether nobody was ever banned, as far as is known. */
function createFirstRun(state: RangeState): () => boolean {
  const api = useStatsApi()
  const live = useLive()
  const overview = useQuery(() => statsQueries.overview(api, state.query()))
  const isQuiet = () => overview.data?.bans === 0 && overview.data.activeBans === 0
  const any = useQuery(() => ({
    queryKey: ['history', 'any'],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.history.list.query({ limit: 1 }, { signal }),
    enabled: isQuiet(),
  }))
  return () =>
    isQuiet() &&
    any.data?.rows.length === 0 &&
    !live.counts['ban.added'] &&
    live.jails?.some((jail) => jail.running) === true
}
