import { type QueryKey, useQueryClient } from '@tanstack/solid-query'
import { createEffect, onCleanup, untrack } from 'solid-js'
import { isCurrent } from '../live/connection-status.ts'
import { useLive } from '../live/live-store.tsx'
import type { RangeState } from './use-range.ts'

/** However much happens, figures are asked for again no more often than this; fail2ban's own database is slow to count. */
const REFRESH_EVERY = { archive: 5_000, live: 30_000 } as const
/** The lists of the most may be a minute old: once nothing has happened for longer, they are asked for again. */
const LISTS_AFTER = 65_000

/**
 * Fetches the numbers of a range that includes now again while events come, at most every five seconds, and when their
 * stream has begun; the queries under `others`, too. Once more when the last event must be in every list.
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
    // what happened between the answer and the begin of the stream, or during a break, is in neither
    const isBegun = before?.isOpen === false && isOpen
    // a span that is over stays as it was, and is dear to count
    const goesOn = typeof state.range() === 'string'
    if (goesOn && before && (before.counts !== counts || isBegun)) {
      timer ??= setTimeout(refresh, REFRESH_EVERY[untrack(state.source)])
      clearTimeout(last)
      last = setTimeout(refresh, LISTS_AFTER)
    }
    return { counts, isOpen }
  }, undefined)
  onCleanup(() => {
    clearTimeout(timer)
    clearTimeout(last)
  })
}

type Seen = { readonly counts: unknown; readonly isOpen: boolean }
