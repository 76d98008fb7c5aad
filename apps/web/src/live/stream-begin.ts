import { createEffect, onCleanup } from 'solid-js'
import { isCurrent } from './connection-status.ts'
import { useLive } from './live-store.tsx'

/** An answer that was on its way when the stream began is there by then, in milliseconds. */
const SETTLED = 1_000

/** Acts when the stream has begun, each time: what happened between an answer and the stream is in neither. */
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
