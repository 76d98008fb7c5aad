import type { JSX } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useLive } from '../../live/live-store.tsx'
import { Page } from '../../ui/page.tsx'
import { LiveFeed } from '../../feed/live-feed.tsx'
import { useLiveRefresh } from '../../stats/live-refresh.ts'
import { RangePicker } from '../../stats/range-picker.tsx'
import { RecordedNote } from '../../stats/recorded-note.tsx'
import { TrendCard } from '../../stats/trend-card.tsx'
import { useRange } from '../../stats/use-range.ts'
import { EventSourceNote } from '../../feed/event-source-note.tsx'
import { CheckButton } from './check-button.tsx'
import { Metrics } from './metrics.tsx'
import { JailBars } from './jail-bars.tsx'
import styles from './overview-page.module.css'
import { StatusStrip } from './status-strip.tsx'
import { TopLists } from './top-lists.tsx'

/** The state of the protection at a glance; then what it did. */
export function OverviewPage(): JSX.Element {
  return (
    <QueryProvider>
      <Overview />
    </QueryProvider>
  )
}

function Overview(): JSX.Element {
  const live = useLive()
  const state = useRange()
  useLiveRefresh(state)
  return (
    <Page title="Overview" actions={<CheckButton />}>
      <EventSourceNote />
      <StatusStrip />
      <RangePicker state={state} withSource />
      <RecordedNote state={state} />
      <Metrics state={state} />
      <TrendCard state={state} />
      <TopLists state={state} />
      <div class={styles['now']} data-stale={live.connection === 'offline' ? '' : undefined}>
        <JailBars />
        <LiveFeed rows={20} more="/activity" />
      </div>
    </Page>
  )
}
