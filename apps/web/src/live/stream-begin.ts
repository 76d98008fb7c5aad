import { createEffect, onCleanup } from 'solid-js'
import { isCurrent } from './connection-status.ts'
import { useLive } from './live-store.tsx'

/** A reply that was on its way when the stream began has arrived by then. */
const SETTLED = 1_000

/** Calls `act` each time the stream has begun: events between a reply and the stream are in neither. */
export function onStreamBegin(act: () => void): void {
  const live = useLive()
  createEffect((before: boolean | undefined) => {
    const isOpen = isCurrent(live.connection)
    if (before !== false || !isOpen) return isOpen
    const timer = setTimeout(act, SETTLED)
    onCleanup(() => clearTimeout(timer))
    return isOpen
  }, undefined)
}
