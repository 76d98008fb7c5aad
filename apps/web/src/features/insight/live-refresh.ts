import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, onCleanup } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'
import type { RangeState } from './use-range.ts'

/** However much happens, figures are asked for again no more often than this. */
const REFRESH_EVERY = 5_000

/** Asks for the figures of a range that goes on again while events come, at most every five seconds. */
export function useLiveRefresh(state: RangeState): void {
  const live = useLive()
  const queries = useQueryClient()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = () => {
    timer = undefined
    void queries.invalidateQueries({ queryKey: ['insight'] })
  }
  createEffect((before: unknown) => {
    const { counts } = live
    // a span that is over stays as it was, and is dear to count
    const goesOn = typeof state.range() === 'string'
    if (goesOn && before !== undefined && before !== counts) timer ??= setTimeout(refresh, REFRESH_EVERY)
    return counts
  }, undefined)
  onCleanup(() => clearTimeout(timer))
}
