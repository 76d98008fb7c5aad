import { useQueryClient } from '@tanstack/solid-query'
import { createEffect } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'

/** Reads the configuration again when a change no longer waits to be confirmed: it may have been rolled back. */
export function refreshAfterConfirmation(): void {
  const live = useLive()
  const client = useQueryClient()
  createEffect((before: string | undefined) => {
    const waiting = live.runtime?.unconfirmedChange?.id
    if (before !== undefined && waiting !== before) void client.invalidateQueries({ queryKey: ['config'] })
    return waiting
  })
}

/** Reads the configuration again when somebody else was found to have changed it. */
export function refreshAfterOutsideChange(): void {
  const live = useLive()
  const client = useQueryClient()
  createEffect((before: number | undefined) => {
    const count = live.counts['config.changed'] ?? 0
    if (before !== undefined && count !== before) void client.invalidateQueries({ queryKey: ['config'] })
    return count
  })
}
