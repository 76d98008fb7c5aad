import type { Event, Live, StoredEvent } from '@bangui/shared'

/** How many events one message carries, the newest. */
export const MAX_EVENTS_PER_MESSAGE = 50

const counted = new WeakMap<readonly StoredEvent[], ReadonlyMap<string, number>>()

/** How many events of each type a batch has, and how many failures are `echoes`; counted once for all viewers. */
function countsOf(batch: readonly StoredEvent[]): ReadonlyMap<string, number> {
  const known = counted.get(batch)
  if (known) return known
  const counts = new Map<string, number>()
  const add = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const { event } of batch) {
    add(event.type)
    if (event.type === 'failure.found' && event.echo) add('echoes')
  }
  counted.set(batch, counts)
  return counts
}

/** Returns the message for a batch of a host that is small enough to contain every event. */
export const messageOf = (host: string, batch: readonly StoredEvent[]): Live => ({
  type: 'events',
  host,
  events: batch.map(({ event }) => event),
  counts: Object.fromEntries(countsOf(batch)),
})

/** The events that one viewer was not sent yet, bounded: the newest of them, and the counts of all. */
export interface EventBatches {
  add(batch: readonly StoredEvent[]): void
  /** Takes out the events; undefined: there are none. */
  take(): { events: Event[]; counts: Record<string, number>; firstSeq: number; lastSeq: number } | undefined
}

/** Creates {@link EventBatches} for events with a seq above `after`. */
export function createEventBatches(after: number): EventBatches {
  let newest: StoredEvent[] = []
  let counts = new Map<string, number>()
  let lastSeq = after
  let firstSeq = after
  let any = false
  return {
    add(batch) {
      const last = batch.at(-1)
      if (!last || last.seq <= lastSeq) return
      const fresh = (batch[0]?.seq ?? 0) > lastSeq ? batch : batch.filter(({ seq }) => seq > lastSeq)
      for (const [type, count] of countsOf(fresh)) counts.set(type, (counts.get(type) ?? 0) + count)
      newest = [...newest, ...fresh.slice(-MAX_EVENTS_PER_MESSAGE)].slice(-MAX_EVENTS_PER_MESSAGE)
      if (!any) firstSeq = fresh[0]?.seq ?? last.seq
      lastSeq = last.seq
      any = true
    },
    take() {
      if (!any) return undefined
      const events = newest.map(({ event }) => event)
      const taken = { events, counts: Object.fromEntries(counts), firstSeq, lastSeq }
      newest = []
      counts = new Map()
      any = false
      return taken
    },
  }
}
