import type { StoredEvent } from '@bangui/shared'
import { createBus, type Bus } from '../../lib/event-bus.ts'

type Events = readonly StoredEvent[]

/** The bus of the events of a host. */
export interface StoredEvents extends Bus<Events> {
  /** Emits what a call has stored that goes on. `emit` leaves these events out when the call returns them. */
  emitEarly(events: Events): void
}

/** Creates {@link StoredEvents}. An error of one listener does not affect the others. */
export function createStoredEvents(onError: (error: unknown) => void): StoredEvents {
  const bus = createBus<Events>(onError)
  /** the numbers of the events that were emitted early */
  const early = new Set<number>()
  return {
    listen: bus.listen,
    emitEarly(events) {
      for (const { seq } of events) early.add(seq)
      bus.emit(events)
    },
    emit(events) {
      const rest = early.size === 0 ? events : events.filter(({ seq }) => !early.delete(seq))
      if (rest.length > 0) bus.emit(rest)
    },
  }
}
