import type { VirtualItem } from '@tanstack/solid-virtual'
import { For, type JSX, Show } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { BanRow, BanRowShape } from './ban-row.tsx'
import { banKey, type BanView, PAGE_SIZE } from './ban-view.ts'
import styles from './ban-list.module.css'
import { banQueries } from './queries.ts'
import { type ChosenBan, isChosen, type Selection } from './selection.ts'

export type BanRowsProps = {
  view: BanView
  /** offset of the first row, in px */
  offset: number
  selection: Selection
  ended: ReadonlySet<string>
  onChoose: ((ban: ChosenBan, how: { chosen: boolean; shift: boolean; index: number }) => void) | undefined
}

/** The visible rows of one page of the server's list; the page is fetched while it is in view. */
export function BanPageRows(
  props: BanRowsProps & { page: number; items: readonly VirtualItem[] },
): JSX.Element {
  const api = useStatsApi()
  const query = useQuery(() => banQueries.page(api, props.view, props.page))
  // reading `data` of a pending query suspends the page
  const rowAt = (index: number) =>
    query.isSuccess ? query.data.rows[index - props.page * PAGE_SIZE] : undefined
  return (
    <For each={props.items}>
      {(item) => (
        <div
          role="row"
          class={styles['row']}
          aria-rowindex={item.index + 2}
          data-ended={isEnded(props.ended, rowAt(item.index)) ? '' : undefined}
          data-chosen={isPicked(props.selection, rowAt(item.index)) ? '' : undefined}
          style={{ transform: `translateY(${item.start - props.offset}px)`, height: `${item.size}px` }}
        >
          <Show when={rowAt(item.index)} fallback={<BanRowShape />}>
            {(ban) => (
              <BanRow
                ban={ban()}
                index={item.index}
                chosen={isChosen(props.selection, ban())}
                ended={isEnded(props.ended, ban())}
                onChoose={
                  props.onChoose &&
                  ((chosen, shift) => props.onChoose?.(ban(), { chosen, shift, index: item.index }))
                }
              />
            )}
          </Show>
        </div>
      )}
    </For>
  )
}

const isEnded = (ended: ReadonlySet<string>, ban: ChosenBan | undefined) =>
  ban !== undefined && ended.has(banKey(ban))

const isPicked = (selection: Selection, ban: ChosenBan | undefined) =>
  ban !== undefined && isChosen(selection, ban)
