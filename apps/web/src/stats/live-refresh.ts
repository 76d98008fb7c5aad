import { type QueryKey, useQueryClient } from '@tanstack/solid-query'
import { createEffect, onCleanup, untrack } from 'solid-js'
import { isCurrent } from '../live/connection-status.ts'
import { useLive } from '../live/live-store.tsx'
import type { RangeState } from './use-range.ts'

/** However many events come, numbers are fetched again at most this often; fail2ban's own database is slow to count. */
const REFRESH_INTERVALS_MS = { archive: 5_000, live: 30_000 } as const
/** Top lists can be a minute old, so they are fetched once more when nothing has happened for longer than that. */
const LISTS_REFRESH_AFTER_MS = 65_000

/**
 * Fetches the numbers of a range that includes now again while events come, at most every five seconds, and when the
 * stream of events has begun; the queries under `others` as well. Fetches once more when the last event is in every list.
 */
export function useLiveRefresh(state: RangeState, others: readonly QueryKey[] = []): void {
  const live = useLive()
  const queries = useQueryClient()
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: ReturnType<typeof setTimeout> | undefined
  const refresh = () => {
    timer = undefined
    for (const queryKey of [['stats'], ...others]) void queries.invalidateQueries({ queryKey })
  }
  createEffect((before: Seen | undefined) => {
    const { counts } = live
    const isOpen = isCurrent(live.connection)
    // events between the reply and the beginning of the stream, or during a break, are in neither
    const isBegun = before?.isOpen === false && isOpen
    // a past range does not change, and is expensive to count
    const goesOn = typeof state.range() === 'string'
    if (goesOn && before && (before.counts !== counts || isBegun)) {
      timer ??= setTimeout(refresh, REFRESH_INTERVALS_MS[untrack(state.source)])
      clearTimeout(last)
      last = setTimeout(refresh, LISTS_REFRESH_AFTER_MS)
    }
    return { counts, isOpen }
  }, undefined)
  onCleanup(() => {
    clearTimeout(timer)
    clearTimeout(last)
  })
}

type Seen = { readonly counts: unknown; readonly isOpen: boolean }
