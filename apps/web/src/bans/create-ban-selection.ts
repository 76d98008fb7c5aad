import { useQueryClient } from '@tanstack/solid-query'
import { createSignal } from 'solid-js'
import { useStatsApi } from '../api/stats-api.ts'
import { type BanView, PAGE_SIZE } from './ban-view.ts'
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

/** The selected bans of a list. `total`: how many bans the list has; undefined while it is not loaded. */
export function createBanSelection(view: () => BanView, total: () => number | undefined) {
  const api = useStatsApi()
  const client = useQueryClient()
  const [selection, setSelection] = createSignal<Selection>(noSelection)
  const count = () => countChosen(selection(), total() ?? 0)

  const rowAt = (index: number): ChosenBan | undefined => {
    const page = Math.floor(index / PAGE_SIZE)
    const known = client.getQueryData(banQueries.page(api, view(), page).queryKey)
    return known?.rows[index - page * PAGE_SIZE]
  }

  return {
    selection,
    count,
    /** how much of the list is selected */
    share: (): 'none' | 'some' | 'all' => {
      if (count() === 0) return 'none'
      return count() === total() ? 'all' : 'some'
    },
    /** Selects or deselects one ban, or with Shift all between it and the ban chosen before. */
    choose: (ban: ChosenBan, how: { chosen: boolean; shift: boolean; index: number }) => {
      const anchor = selection().anchor
      const picked = how.shift && anchor !== undefined ? rowsBetween(anchor, how.index, rowAt) : [ban]
      setSelection(choose(selection(), picked, how))
    },
    chooseAll: (wanted: boolean) => void setSelection(wanted ? everySelection : noSelection),
    clear: () => void setSelection(noSelection),
    /** in another order, Shift begins anew */
    forgetAnchor: () => void setSelection({ ...selection(), anchor: undefined }),
  }
}
