import type { ActivityFilter, ActivityRow } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import ActivityIcon from 'lucide-solid/icons/activity'
import { createMemo, createSignal, For, type JSX, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useInfiniteQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { formatNumber } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { createReading } from '../../ui/reading.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { activityQueries } from './activity-queries.ts'
import styles from './activity-list.module.css'
import { ActivityRowView } from './activity-row.tsx'
import { ListEnd } from './list-end.tsx'
import { moveByKey } from './move-by-key.ts'
import { createNewEntries } from './new-entries.ts'

export type ActivityListProps = {
  filter: ActivityFilter
  /** the filter controls */
  toolbar: JSX.Element
  /** what is not in the list because it is not kept, in sentences */
  note?: string | undefined
  /** shown if the list is empty */
  emptyAction?: JSX.Element
  /** the open rows */
  open: readonly string[]
  onToggle: (key: string) => void
}

/** Everything that happened, newest first, page by page. While nobody reads, new entries come in by themselves. */
export function ActivityList(props: ActivityListProps): JSX.Element {
  const api = useStatsApi()
  const queries = useQueryClient()
  const query = useInfiniteQuery(() => activityQueries.list(api, props.filter))
  const rows = createMemo(() => query.data?.pages.flatMap((page) => page.rows))
  const reading = createReading()
  const isScrolled = createScrolled()
  const isHeld = () => reading.isReading() || isScrolled() || props.open.length > 0
  /** Only the beginning is loaded again, however many pages were loaded. */
  const reload = () => {
    queries.setQueryData(activityQueries.list(api, props.filter).queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : undefined,
    )
    void query.refetch()
  }
  const news = createNewEntries({
    filter: () => props.filter,
    isLoading: () => query.isFetching && !query.isFetchingNextPage,
    isHeld,
    reload,
  })
  const show = () => {
    reload()
    document.querySelector('main')?.scrollTo({ top: 0 })
  }
  return (
    <Card flush>
      {props.toolbar}
      <div class={styles['news']}>
        <Show when={isHeld() && rows() && news.count() > 0}>
          <Button size="sm" variant="primary" onClick={show}>
            {news.isAtLeast()
              ? `${formatNumber(news.count())} or more new`
              : `${formatNumber(news.count())} new`}
          </Button>
        </Show>
      </div>
      <Switch>
        <Match when={query.isError && rows() === undefined}>
          <ErrorState
            title="The activity could not be loaded"
            why={describeError(query.error).message}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </Match>
        <Match when={rows() === undefined}>
          <Shape />
        </Match>
        <Match when={rows()?.length === 0}>
          <EmptyState icon={<ActivityIcon />} title="Nothing found" action={props.emptyAction}>
            Nothing matches this time and these filters. Bans, failures and changes appear here as they
            happen. {props.note}
          </EmptyState>
        </Match>
        <Match when={rows()}>
          {(known) => (
            <Rows
              rows={known()}
              isOld={query.isPlaceholderData}
              open={props.open}
              onToggle={props.onToggle}
              handlers={reading.handlers}
              onEnd={() => {
                if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
              }}
            />
          )}
        </Match>
      </Switch>
      <ListEnd query={query} hasRows={!!rows()?.length} note={props.note} />
    </Card>
  )
}

type RowsProps = Pick<ActivityListProps, 'open' | 'onToggle'> & {
  rows: readonly ActivityRow[]
  /** of the filter before */
  isOld: boolean
  handlers: ReturnType<typeof createReading>['handlers']
  /** somebody has come to the last row */
  onEnd: () => void
}

/** The rows stay where they are, and what they show changes: so nothing moves when an entry is added. */
function Rows(props: RowsProps): JSX.Element {
  const places = createMemo(() => Array.from({ length: props.rows.length }, (_, index) => index))
  return (
    <ul
      class={styles['list']}
      aria-label="Activity, newest first"
      aria-busy={props.isOld}
      data-old={props.isOld ? '' : undefined}
      onKeyDown={(event) => moveByKey(event, props.onEnd)}
      {...props.handlers}
    >
      <For each={places()}>{(index) => <RowAt index={index} {...props} />}</For>
    </ul>
  )
}

/** The row at a place; one that has just gone shows what it had until it is removed. */
function RowAt(props: RowsProps & { index: number }): JSX.Element {
  const row = createMemo<ActivityRow | undefined>((last) => props.rows[props.index] ?? last)
  return (
    <Show when={row() !== undefined}>
      <ActivityRowView
        row={row() as ActivityRow}
        open={props.open.includes(row()?.id ?? '')}
        onToggle={() => props.onToggle(row()?.id ?? '')}
      />
    </Show>
  )
}

/** Returns whether the page is scrolled down: rows that are read must not change then. */
function createScrolled() {
  const [isScrolled, setScrolled] = createSignal(false)
  onMount(() => {
    const main = document.querySelector('main')
    if (!main) return
    const look = () => setScrolled(main.scrollTop > 60)
    look()
    main.addEventListener('scroll', look, { passive: true })
    onCleanup(() => main.removeEventListener('scroll', look))
  })
  return isScrolled
}

const Shape = (): JSX.Element => (
  <div class={styles['shape']} aria-busy="true">
    <For each={[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}>{() => <Skeleton height="24px" />}</For>
  </div>
)
