import type { JSX } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useLiveRefresh } from '../../stats/live-refresh.ts'
import { RangePicker } from '../../stats/range-picker.tsx'
import { RecordedNote } from '../../stats/recorded-note.tsx'
import { TrendCard } from '../../stats/trend-card.tsx'
import { useRange } from '../../stats/use-range.ts'
import { Page } from '../../ui/page.tsx'
import { TopLists } from './top-lists.tsx'

/** Bans over time, and where they came from. */
export function StatisticsPage(): JSX.Element {
  return (
    <QueryProvider>
      <Statistics />
    </QueryProvider>
  )
}

function Statistics(): JSX.Element {
  const state = useRange()
  useLiveRefresh(state)
  return (
    <Page title="Statistics" description="Bans over time, and where they came from.">
      <RangePicker state={state} withSource />
      <RecordedNote state={state} />
      <TrendCard state={state} />
      <TopLists state={state} />
    </Page>
  )
}
