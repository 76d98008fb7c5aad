import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, For, type JSX, Match, Show, Switch, untrack } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { afterFailure } from '../../api/query-client.ts'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { createReading } from '../../ui/reading.ts'
import { BanHeader } from './ban-header.tsx'
import styles from './ban-list.module.css'
import { BanPageRows } from './ban-page-rows.tsx'
import { BanStatus } from './ban-status.tsx'
import { type BanView, nextSort, PAGE_SIZE, writeBanSort } from './ban-view.ts'
import { createChangedBans } from './changed-bans.ts'
import { CoverNote } from './cover-note.tsx'
import { createBanWindow } from './create-ban-window.ts'
import { banQueries } from './queries.ts'
import {
  choose,
  type ChosenBan,
  countChosen,
  everySelection,
  noSelection,
  rowsBetween,
  type Selection,
} from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { untilRecorded } from './unrecorded.ts'

export type BanListProps = {
  view: BanView
  onSort: (sort: BanView['sort']) => void
  /** what stands there when there are no bans */
  empty: JSX.Element
}

/** Active bans: sorted and searched by the server, loaded as they come into sight, live. */
export function BanList(props: BanListProps): JSX.Element {
  const api = useStatsApi()
  const client = useQueryClient()
  const canBan = useCanChange('bans.write')
  const [selection, setSelection] = createSignal<Selection>(noSelection)
  const reading = createReading()
  // rows that are being read, chosen or scrolled through do not move, also not by a question that was due before
  const [held, setHeld] = createSignal(false)
  const first = useQuery(() => ({
    ...banQueries.page(api, props.view, 0),
    refetchInterval: held()
      ? ({ state }) => afterFailure(state)
      : ({ state }) => afterFailure(state) || untilRecorded(state.data?.rows, Date.now()),
  }))
  const total = () => (first.isSuccess ? first.data.total : undefined)
  const rows = createBanWindow(() => total() ?? 0)
  const chosenCount = () => countChosen(selection(), total() ?? 0)

  const refresh = () => void client.invalidateQueries({ queryKey: banQueries.lists })
  // an empty list holds nothing that may not move; it also never hears that the pointer left
  const isReading = () => (total() ?? 0) > 0 && (reading.isReading() || chosenCount() > 0 || !rows.isAtTop())
  // whether it is held depends on what was asked for, which depends on that
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

  // another search begins anew; in another order the same rows are chosen
  createEffect((before: BanView | undefined) => {
    const { search, jail, sort } = props.view
    if (before === undefined) return { search, jail, sort }
    const isSame = before.search.trim() === search.trim() && before.jail === jail
    if (!isSame) setSelection(noSelection)
    else if (writeBanSort(before.sort) === writeBanSort(sort)) return before
    else setSelection({ ...untrack(selection), anchor: undefined })
    rows.toTop()
    return { search, jail, sort }
  })
  // what happens from now on is not in the answer for sure
  createEffect(() => {
    if (first.isFetching) untrack(changes.settle)
  })

  const rowAt = (index: number): ChosenBan | undefined => {
    const page = Math.floor(index / PAGE_SIZE)
    const known = client.getQueryData(banQueries.page(api, props.view, page).queryKey)
    return known?.rows[index - page * PAGE_SIZE]
  }
  const pick = (ban: ChosenBan, how: { chosen: boolean; shift: boolean; index: number }) => {
    const anchor = selection().anchor
    const picked = how.shift && anchor !== undefined ? rowsBetween(anchor, how.index, rowAt) : [ban]
    setSelection(choose(selection(), picked, how))
  }
  const allChosen = () => {
    if (!canBan() || !total()) return undefined
    if (chosenCount() === 0) return 'none'
    return chosenCount() === total() ? 'all' : 'some'
  }

  return (
    <>
      <BanStatus
        view={props.view}
        total={total()}
        added={isReading() ? changes.added() : 0}
        onShowNew={showNew}
        acts={chosenCount() > 0}
      >
        <SelectionBar
          view={props.view}
          selection={selection()}
          count={chosenCount()}
          onDone={() => setSelection(noSelection)}
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
          <div
            class={styles['table']}
            role="table"
            aria-label="Active bans"
            aria-rowcount={(total() ?? 0) + 1}
            aria-busy={total() === undefined || first.isPlaceholderData ? true : undefined}
          >
            <div role="rowgroup" class={styles['head-group']}>
              <BanHeader
                sort={props.view.sort}
                onSort={(key) => props.onSort(nextSort(props.view.sort, key))}
                chosen={allChosen()}
                onChooseAll={(wanted) => setSelection(wanted ? everySelection : noSelection)}
              />
            </div>
            <div
              role="rowgroup"
              ref={rows.setFrame}
              class={styles['body']}
              {...reading.handlers}
              style={{ height: total() === undefined ? undefined : `${rows.height()}px` }}
            >
              <Show when={total() !== undefined} fallback={<Shapes />}>
                <For each={rows.pages()}>
                  {(page) => (
                    <BanPageRows
                      page={page}
                      items={rows.itemsOf(page)}
                      view={props.view}
                      offset={rows.offset()}
                      selection={selection()}
                      ended={changes.ended()}
                      onChoose={canBan() ? pick : undefined}
                    />
                  )}
                </For>
              </Show>
            </div>
          </div>
        </Match>
      </Switch>
    </>
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
