import type { ActivityFilter } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createMemo, type JSX, Show } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { EventSourceNote } from '../../feed/event-source-note.tsx'
import { historyFilter } from '../../stats/history-filter.ts'
import { RangePicker } from '../../stats/range-picker.tsx'
import { formatSince, useRecorded } from '../../stats/recorded.ts'
import { RecordedNote } from '../../stats/recorded-note.tsx'
import { useRange } from '../../stats/use-range.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { ActivityList } from './activity-list.tsx'
import styles from './activity-page.module.css'
import { activityQueries } from './activity-queries.ts'
import { ActivityToolbar } from './activity-toolbar.tsx'
import { activityFilter, type ActivityParams, readOpen, readView, toggleOpen } from './activity-view.ts'
import { HistoryList } from './history-list.tsx'

/** Everything that happened, live and in the past. */
export function ActivityPage(): JSX.Element {
  return (
    <QueryProvider>
      <Activity />
    </QueryProvider>
  )
}

/** Files have only bans. */
const exportOf = ({ kinds: _kinds, ...filter }: ActivityFilter) => ({ source: 'archive', ...filter })

const isEqual = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after)

function Activity(): JSX.Element {
  const state = useRange()
  const recorded = useRecorded(state.query)
  const api = useStatsApi()
  const [params, setParams] = useSearchParams<Required<ActivityParams>>()
  const view = createMemo(() => readView(params))
  const change = (next: ActivityParams) => {
    const given = Object.entries(next).map(([key, value]) => [key, value || undefined])
    // "back" undoes a choice, but not typing or opening rows
    setParams(Object.fromEntries(given) as ActivityParams, { replace: isNoStep(next), scroll: false })
  }
  // an equal query keeps its pages
  const bans = createMemo(() => historyFilter(view(), state.query(), Date.now()), undefined, {
    equals: isEqual,
  })
  const filter = createMemo(() => activityFilter(view(), bans()), undefined, { equals: isEqual })
  const isArchive = () => bans().source === 'archive'
  const counts = useQuery(() => ({ ...activityQueries.counts(api, filter()), enabled: isArchive() }))
  const reset = () => change({ jail: '', country: '', search: '', type: '', origin: '', first: '' })
  const isFiltered = () => {
    const { jail, country, search, kinds, first } = view()
    return [jail, country, search].some(Boolean) || kinds.length > 0 || first || state.origin() !== undefined
  }
  const isOnlyBans = () => filter().kinds?.join() === 'ban'
  /** What the list lacks because it is not kept. */
  const note = () => {
    const since = counts.data?.eventsSince
    const { from = 0 } = filter()
    return [
      since && since > from && !isOnlyBans()
        ? `Failures, unbans and other events are kept for a day, here since ${formatSince(since)}. Numbers count older ones as well.`
        : '',
      recorded().singleBans ? `Bans before ${formatSince(recorded().singleBans ?? 0)} are not recorded.` : '',
    ]
      .filter(Boolean)
      .join(' ')
  }
  const list = {
    get open() {
      return readOpen(params)
    },
    onToggle: (key: string) => change({ open: toggleOpen(readOpen(params), key) }),
    get emptyAction() {
      return (
        <Show when={isFiltered()}>
          <Button onClick={reset}>Show everything</Button>
        </Show>
      )
    },
    get toolbar() {
      return (
        <ActivityToolbar
          view={view()}
          query={state.query()}
          counts={counts.data}
          exported={isArchive() && isOnlyBans() ? exportOf(filter()) : undefined}
          onChange={change}
          onClear={isFiltered() ? reset : undefined}
        />
      )
    },
  }
  return (
    <Page
      title="Activity"
      description="Bans, failures, jails and changes in one list."
      actions={<RangePicker state={state} withSource withOrigin={false} />}
    >
      <EventSourceNote />
      <RecordedNote state={state} />
      <div class={styles['list']}>
        <Show
          when={isArchive()}
          fallback={<HistoryList filter={bans()} keptSince={recorded().singleBans} {...list} />}
        >
          <ActivityList filter={filter()} note={note() || undefined} {...list} />
        </Show>
      </div>
    </Page>
  )
}

const isNoStep = (change: ActivityParams) => 'open' in change || Object.keys(change).join() === 'search'
