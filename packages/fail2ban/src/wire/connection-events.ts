import type { ConnectionEvent } from '../connection.ts'

/** The events of a connection, and who listens to them. */
export interface ConnectionEvents {
  /** Calls the listener with each event until the returned function is called. */
  listen(listener: (event: ConnectionEvent) => void): () => void
  emitAnswered(): void
  /** Emits `closed`, at most once in {@link CLOSED_EVENT_GAP_MS}: a close that comes earlier is emitted late. */
  emitClosed(): void
  stop(): void
}

/** A daemon that closes again and again must not make its listeners run in a circle. */
const CLOSED_EVENT_GAP_MS = 250

/** Creates the events of one connection. */
export function createConnectionEvents(): ConnectionEvents {
  const listeners = new Set<(event: ConnectionEvent) => void>()
  let lastClosedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const emit = (event: ConnectionEvent) => {
    for (const listener of listeners) listener(event)
  }
  const emitClosedNow = () => {
    lastClosedAt = performance.now()
    emit('closed')
  }

  return {
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    emitAnswered: () => emit('answered'),
    emitClosed() {
      const wait = lastClosedAt + CLOSED_EVENT_GAP_MS - performance.now()
      clearTimeout(timer)
      if (wait > 0) timer = setTimeout(emitClosedNow, wait)
      else emitClosedNow()
    },
    stop: () => clearTimeout(timer),
  }
}
