import { useSearchParams } from '@solidjs/router'
import { createMemo, type JSX } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { useRecorded } from '../../stats/recorded.ts'
import { RangePicker } from '../../stats/range-picker.tsx'
import { RecordedNote } from '../../stats/recorded-note.tsx'
import { useRange } from '../../stats/use-range.ts'
import { EventSourceNote } from '../../feed/event-source-note.tsx'
import styles from './activity-page.module.css'
import { ActivityToolbar } from './activity-toolbar.tsx'
import { type ActivityParams, readOpen, readView, toggleOpen } from './activity-view.ts'
import { historyFilter } from '../../stats/history-filter.ts'
import { HistoryList } from './history-list.tsx'
import { LiveFeed } from '../../feed/live-feed.tsx'

/** Live events and the history. */
export function ActivityPage(): JSX.Element {
  return (
    <QueryProvider>
      <Activity />
    </QueryProvider>
  )
}

function Activity(): JSX.Element {
  const state = useRange()
  const recorded = useRecorded(state.query)
  const [params, setParams] = useSearchParams<Required<ActivityParams>>()
  const view = createMemo(() => readView(params))
  const change = (next: ActivityParams) => {
    const given = Object.entries(next).map(([key, value]) => [key, value || undefined])
    // "back" undoes a choice, but not typing or opening rows
    setParams(Object.fromEntries(given) as ActivityParams, { replace: isNoStep(next), scroll: false })
  }
  // an equal query keeps its pages
  const filter = createMemo(() => historyFilter(view(), state.query(), Date.now()), undefined, {
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const reset = () => change({ jail: '', country: '', search: '', type: '', origin: '' })
  const isFiltered = () =>
    view().jail !== '' || view().country !== '' || view().search !== '' || state.origin() !== undefined

  return (
    <Page
      title="Activity"
      description="Live events and ban history."
      actions={<RangePicker state={state} withSource />}
    >
      <EventSourceNote />
      <RecordedNote state={state} />
      <div class={styles['columns']}>
        <div class={styles['history']}>
          <HistoryList
            filter={filter()}
            keptSince={recorded().singleBans}
            open={readOpen(params)}
            onToggle={(key) => change({ open: toggleOpen(readOpen(params), key) })}
            emptyAction={isFiltered() ? <Button onClick={reset}>Clear filters</Button> : undefined}
            toolbar={<ActivityToolbar view={view()} query={state.query()} onChange={change} />}
          />
        </div>
        <LiveFeed
          filter={view()}
          choice={
            <Select
              label="Live events"
              hideLabel
              value={view().kind ?? ''}
              options={kinds}
              onChange={(type) => change({ type })}
            />
          }
        />
      </div>
    </Page>
  )
}

/** The history has only these of them. */
const kinds = [
  { value: '', label: 'Everything' },
  { value: 'ban', label: 'Bans' },
  { value: 'unban', label: 'Unbans' },
  { value: 'failure', label: 'Failures' },
  { value: 'other', label: 'Jails and fail2ban' },
]

const isNoStep = (change: ActivityParams) => 'open' in change || Object.keys(change).join() === 'search'
