import { type QueryKey, useQueryClient } from '@tanstack/solid-query'
import { createEffect, onCleanup, untrack } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'
import type { RangeState } from './use-range.ts'

/** However much happens, figures are asked for again no more often than this; fail2ban's own database is slow to count. */
const REFRESH_EVERY = { archive: 5_000, live: 30_000 } as const

/**
 * Asks for the figures of a range that goes on again while events come, at most every five seconds, and when the
 * connection is back; for what stands under `others`, too.
 */
export function useLiveRefresh(state: RangeState, others: readonly QueryKey[] = []): void {
  const live = useLive()
  const queries = useQueryClient()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = () => {
    timer = undefined
    for (const queryKey of [['insight'], ...others]) void queries.invalidateQueries({ queryKey })
  }
  createEffect((before: Seen | undefined) => {
    const { counts } = live
    const isLost = live.connection === 'reconnecting' || live.connection === 'offline'
    // what happened meanwhile may be more than the stream tells
    const isBack = before?.isLost === true && !isLost
    // a span that is over stays as it was, and is dear to count
    const goesOn = typeof state.range() === 'string'
    if (goesOn && before && (before.counts !== counts || isBack))
      timer ??= setTimeout(refresh, REFRESH_EVERY[untrack(state.source)])
    return { counts, isLost }
  }, undefined)
  onCleanup(() => clearTimeout(timer))
}

type Seen = { readonly counts: unknown; readonly isLost: boolean }
