import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, For, type JSX, Match, Show, Switch, untrack } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { afterFailure } from '../api/query-client.ts'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { useCanChange } from '../lib/permissions.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { createReading } from '../ui/reading.ts'
import { BanHeader } from './ban-header.tsx'
import styles from './ban-list.module.css'
import { BanPageRows } from './ban-page-rows.tsx'
import { BanStatus } from './ban-status.tsx'
import { type BanView, nextSort, writeBanSort } from './ban-view.ts'
import { createChangedBans } from './changed-bans.ts'
import { CoverNote } from './cover-note.tsx'
import { createBanWindow } from './create-ban-window.ts'
import { banQueries } from './queries.ts'
import { createBanSelection } from './create-ban-selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { untilRecorded } from './unrecorded.ts'

export type BanListProps = {
  view: BanView
  onSort: (sort: BanView['sort']) => void
  /** shown when there are no bans */
  empty: JSX.Element
}

/** Active bans: sorted and searched by the server, loaded as they are scrolled to, live. */
export function BanList(props: BanListProps): JSX.Element {
  const api = useStatsApi()
  const client = useQueryClient()
  const reading = createReading()
  // rows that are read, chosen or scrolled through do not move, not even by a refetch that was due before
  const [held, setHeld] = createSignal(false)
  const first = useQuery(() => ({
    ...banQueries.page(api, props.view, 0),
    refetchInterval: held()
      ? ({ state }) => afterFailure(state)
      : ({ state }) => afterFailure(state) || untilRecorded(state.data?.rows, Date.now()),
  }))
  const total = () => (first.isSuccess ? first.data.total : undefined)
  const rows = createBanWindow(() => total() ?? 0)
  const chosen = createBanSelection(() => props.view, total)

  const refresh = () => void client.invalidateQueries({ queryKey: banQueries.lists })
  // an empty list has nothing that must not move; it also gets no event when the pointer leaves it
  const isReading = () => (total() ?? 0) > 0 && (reading.isReading() || chosen.count() > 0 || !rows.isAtTop())
  // a signal breaks the circle: the query depends on `held`, and `isReading` on the query
  createEffect(() => setHeld(isReading()))
  const changes = createChangedBans({
    jail: () => props.view.jail,
    listed: () => first.data?.rows ?? [],
    isReading,
    refresh,
  })
  const showNew = () => {
    rows.toTop()
    refresh()
  }
  useViewChange(
    () => props.view,
    ({ isSameSearch }) => {
      if (isSameSearch) chosen.forgetAnchor()
      else chosen.clear()
      rows.toTop()
    },
  )
  // bans after this moment may be missing in the reply
  createEffect(() => {
    if (first.isFetching) untrack(changes.settle)
  })

  return (
    <>
      <BanStatus
        view={props.view}
        total={total()}
        added={isReading() ? changes.added() : 0}
        onShowNew={showNew}
        acts={chosen.count() > 0}
      >
        <SelectionBar
          view={props.view}
          selection={chosen.selection()}
          count={chosen.count()}
          onDone={chosen.clear}
        />
      </BanStatus>
      <CoverNote search={props.view.search} rows={first.data?.rows ?? []} />
      <Switch>
        <Match when={first.isError && !first.data}>
          <ErrorState
            title="The bans could not be loaded."
            why={describeError(first.error).message}
            retrying={first.isFetching}
            onRetry={() => void first.refetch()}
          />
        </Match>
        <Match when={total() === 0}>{props.empty}</Match>
        <Match when={true}>
          <BanTable
            {...props}
            total={total()}
            busy={total() === undefined || first.isPlaceholderData}
            rows={rows}
            chosen={chosen}
            ended={changes.ended()}
            reading={reading.handlers}
          />
        </Match>
      </Switch>
    </>
  )
}

/** Calls `change` when another search, jail, origin or order is shown. The same search in another order has the same bans. */
function useViewChange(view: () => BanView, change: (how: { isSameSearch: boolean }) => void): void {
  createEffect((before: BanView | undefined) => {
    const now = { ...view() }
    const { search, jail, origin, sort } = now
    if (before === undefined) return now
    const isSameSearch =
      before.search.trim() === search.trim() && before.jail === jail && before.origin === origin
    if (isSameSearch && writeBanSort(before.sort) === writeBanSort(sort)) return before
    untrack(() => change({ isSameSearch }))
    return now
  })
}

function BanTable(
  props: BanListProps & {
    /** undefined while nothing is loaded */
    total: number | undefined
    busy: boolean
    rows: ReturnType<typeof createBanWindow>
    chosen: ReturnType<typeof createBanSelection>
    ended: ReadonlySet<string>
    reading: ReturnType<typeof createReading>['handlers']
  },
): JSX.Element {
  const canBan = useCanChange('bans.write')
  return (
    <div
      class={styles['table']}
      role="table"
      aria-label="Active bans"
      aria-rowcount={(props.total ?? 0) + 1}
      aria-busy={props.busy ? true : undefined}
    >
      <div role="rowgroup" class={styles['head-group']}>
        <BanHeader
          sort={props.view.sort}
          onSort={(key) => props.onSort(nextSort(props.view.sort, key))}
          chosen={canBan() && props.total ? props.chosen.share() : undefined}
          onChooseAll={props.chosen.chooseAll}
        />
      </div>
      <div
        role="rowgroup"
        ref={props.rows.setFrame}
        class={styles['body']}
        {...props.reading}
        style={{ height: props.total === undefined ? undefined : `${props.rows.height()}px` }}
      >
        <Show when={props.total !== undefined} fallback={<Shapes />}>
          <For each={props.rows.pages()}>
            {(page) => (
              <BanPageRows
                page={page}
                items={props.rows.itemsOf(page)}
                view={props.view}
                offset={props.rows.offset()}
                selection={props.chosen.selection()}
                ended={props.ended}
                onChoose={canBan() ? props.chosen.choose : undefined}
              />
            )}
          </For>
        </Show>
      </div>
    </div>
  )
}

function Shapes(): JSX.Element {
  return (
    <For each={[1, 2, 3, 4, 5, 6, 7, 8]}>
      {() => (
        <div role="row" class={styles['pending']}>
          <span role="cell" class={styles['shape']}>
            <Skeleton height="14px" width="70%" />
          </span>
        </div>
      )}
    </For>
  )
}
