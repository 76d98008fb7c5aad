import type { HistoryFilter, HistoryRow } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import Activity from 'lucide-solid/icons/activity'
import { createMemo, For, type JSX, Match, Show, Switch, untrack } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useInfiniteQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { formatNumber } from '../../lib/format.ts'
import type { FeedItem } from '../../live/reducer.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { ListBar } from '../../ui/list-bar.tsx'
import { MoreBar } from '../../ui/more-bar.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { ExportLinks } from '../../ui/export-links.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { historyQueries } from '../../stats/queries.ts'
import { formatSince, unrecordedNote } from '../../stats/recorded.ts'
import styles from './history-list.module.css'
import { HistoryRowView } from './history-row.tsx'

export type HistoryListProps = {
  filter: HistoryFilter
  /** since when bans are recorded, if that is later than the beginning of the filter's range */
  keptSince?: number | undefined
  /** shown if the list is empty */
  emptyAction?: JSX.Element
  /** the open rows */
  open: readonly string[]
  onToggle: (key: string) => void
  /** the filter controls */
  toolbar: JSX.Element
}

/** Past and active bans, the newest first, page by page; new ones appear when the reader asks for them. */
export function HistoryList(props: HistoryListProps): JSX.Element {
  const api = useStatsApi()
  const query = useInfiniteQuery(() => historyQueries.list(api, props.filter))
  const rows = createMemo(() => query.data?.pages.flatMap((page) => page.rows))

  return (
    <Card
      title="Bans"
      flush
      actions={
        <span class={styles['actions']}>
          <NewBans
            filter={props.filter}
            rows={rows()}
            isReloading={query.isFetching && !query.isFetchingNextPage}
            onShow={() => void query.refetch()}
          />
          <ExportLinks list="history" input={props.filter} />
        </span>
      }
    >
      {props.toolbar}
      <Switch>
        <Match when={query.isError && rows() === undefined}>
          <ErrorState
            title="The history could not be loaded"
            why={describeError(query.error).message}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </Match>
        <Match when={rows() === undefined}>
          <Shape />
        </Match>
        <Match when={rows()?.length === 0}>
          <EmptyState icon={<Activity />} title="No bans found" action={props.emptyAction}>
            {props.filter.source === 'live'
              ? 'fail2ban’s own database keeps a day of bans by default. The archive keeps them for as long as you want.'
              : 'No ban matches this time and these filters. New bans appear here as they happen, with the log lines that caused them.'}
            {unrecordedNote(props.keptSince)}
          </EmptyState>
        </Match>
        <Match when={rows()}>
          {(known) => (
            <ul class={styles['list']} aria-label="Bans, newest first" aria-busy={query.isPlaceholderData}>
              <For each={known()}>
                {(row) => (
                  <HistoryRowView
                    row={row}
                    open={props.open.includes(keyOf(row))}
                    onToggle={() => props.onToggle(keyOf(row))}
                  />
                )}
              </For>
            </ul>
          )}
        </Match>
      </Switch>
      <ListEnd query={query} hasRows={!!rows()?.length} isLoaded={!!rows()} keptSince={props.keptSince} />
    </Card>
  )
}

/** What follows the rows: an error, the beginning of the history, or the button that loads older bans. */
function ListEnd(props: {
  query: ReturnType<typeof useInfiniteQuery>
  hasRows: boolean
  isLoaded: boolean
  keptSince: number | undefined
}): JSX.Element {
  return (
    <>
      <Show when={props.query.isRefetchError && !props.query.isFetchNextPageError && props.isLoaded}>
        <ListBar>
          <p role="alert">{describeError(props.query.error).message}</p>
          <Button loading={props.query.isFetching} onClick={() => void props.query.refetch()}>
            Try again
          </Button>
        </ListBar>
      </Show>
      <Show when={!props.query.hasNextPage && props.hasRows ? props.keptSince : undefined}>
        {(since) => <p class={styles['end']}>Bans before {formatSince(since())} are not recorded.</p>}
      </Show>
      <MoreBar query={props.query} />
    </>
  )
}

const keyOf = (row: HistoryRow) => String(row.id ?? `${row.at}-${row.address}-${row.jail}`)

/** A button that counts the bans since the list was loaded, so that rows never jump under a reader. */
function NewBans(props: {
  filter: HistoryFilter
  rows: readonly HistoryRow[] | undefined
  /** the first page is being loaded */
  isReloading: boolean
  onShow: () => void
}): JSX.Element {
  const live = useLive()
  const queries = useQueryClient()
  const api = useStatsApi()
  const now = () => ({ total: live.counts['ban.added'] ?? 0, id: live.feed[0]?.id ?? 0 })
  // bans after this moment may be missing in the reply; older pages do not matter
  const before = createMemo(
    (last: ReturnType<typeof now>) => (props.isReloading ? untrack(now) : last),
    untrack(now),
  )
  // an ended ban is a different ban
  const shown = createMemo(
    () => new Set(props.rows?.filter((row) => row.active).map((row) => `${row.jail} ${row.address}`)),
  )
  const isInAnswer = ({ id, event }: FeedItem) =>
    id > before().id && event.type === 'ban.added' && shown().has(`${event.jail} ${event.address}`)
  const count = () => now().total - before().total - live.feed.filter(isInAnswer).length
  // a past range gets no new bans; with other filters, it is not known which of the new bans match
  const isOpen = () => props.filter.to === undefined || props.filter.to > Date.now()
  const isWhole = () =>
    !props.filter.origin && !props.filter.jail && !props.filter.country && !props.filter.search
  const show = () => {
    // only the first page is loaded again, however many were loaded
    queries.setQueryData(historyQueries.list(api, props.filter).queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : undefined,
    )
    props.onShow()
    document.querySelector('main')?.scrollTo({ top: 0 })
  }
  return (
    <Show when={isOpen() && props.rows && count() > 0}>
      <Button size="sm" onClick={show}>
        {isWhole() ? `${formatNumber(count())} new` : 'Check for new bans'}
      </Button>
    </Show>
  )
}

const Shape = (): JSX.Element => (
  <div class={styles['shape']} aria-busy="true">
    <For each={[0, 1, 2, 3, 4, 5, 6, 7]}>{() => <Skeleton height="28px" />}</For>
  </div>
)
