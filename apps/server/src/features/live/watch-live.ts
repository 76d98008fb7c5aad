import type { Live, StoredEvent } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { Deps } from '../../deps.ts'
import { changes } from '../../lib/changes.ts'
import { createMemoryStore } from '../../state/memory-store.ts'
import { createEventBatches, type EventBatches, messageOf, SHOWN } from '../events/event-batches.ts'
import { parseSeq } from '../events/parse-seq.ts'
import { createLevels } from './levels.ts'
import { untilEnd, type OpenStream } from './open-stream.ts'

/** How many missed events are told after a reconnection. */
const MOST_MISSED = 1_000

type LiveDeps = Pick<Deps, 'state' | 'jails' | 'archive' | 'events' | 'operations'>

/**
 * The one stream of a browser tab: what was missed since `lastEventId`, the snapshot, then what happened and what
 * changed, at most ten messages a second. Of the state only the newest is sent, of events the newest and the counts of
 * all: a slow reader makes nothing grow.
 */
export const watchLive = (
  deps: LiveDeps,
  stream: OpenStream,
  lastEventId: string | null = null,
): AsyncGenerator<TrackedEnvelope<Live>> => untilEnd(stream, messagesOf(deps, stream, lastEventId))

async function* messagesOf(
  deps: LiveDeps,
  stream: OpenStream,
  lastEventId: string | null,
): AsyncGenerator<TrackedEnvelope<Live>> {
  const { signal } = stream
  // listening comes before reading, so that nothing falls between
  const arrivals = createArrivals(deps, signal)
  const levels = createLevels(deps, stream.role)
  let seq = await deps.archive.lastSeq()
  const after = parseSeq(lastEventId)
  const isBehind = after !== null && after < seq
  const missed = (isBehind && (await deps.archive.listEventsAfter(after, MOST_MISSED))) || []
  // before the first message: nobody knows how long a reader takes for it
  const batches = arrivals.begin(missed.at(-1)?.seq ?? seq)
  for (let index = 0; index < missed.length; index += SHOWN) {
    const events = missed.slice(index, index + SHOWN)
    seq = events.at(-1)?.seq ?? seq
    yield tracked(String(seq), messageOf(events))
  }
  yield tracked(String(seq), levels.snapshot())
  await stream.pause()
  const { state, jails, operations } = deps
  const sources = [state, jails.store, operations.store, arrivals.store].map((store) => store.watch(signal))
  for await (const _ of changes(sources, signal)) {
    const taken = batches.take()
    if (taken) {
      seq = taken.lastSeq
      yield tracked(String(seq), { type: 'events', events: taken.events, counts: taken.counts })
      await stream.pause()
    }
    for (const message of levels.changed()) {
      if (signal.aborted) break
      yield tracked(String(seq), message)
      await stream.pause()
    }
  }
}

/** Collects what happens from now on; `store` changes with each arrival. */
function createArrivals({ events }: Pick<Deps, 'events'>, signal: AbortSignal) {
  const store = createMemoryStore({ initial: 0 })
  const early: (readonly StoredEvent[])[] = []
  let batches: EventBatches | null = null
  const stop = events.listen((batch) => {
    if (batches) batches.add(batch)
    else early.push(batch)
    void store.update((count) => count + 1)
  })
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return {
    store,
    begin(after: number): EventBatches {
      const begun = createEventBatches(after)
      for (const batch of early.splice(0)) begun.add(batch)
      batches = begun
      return begun
    },
  }
}
