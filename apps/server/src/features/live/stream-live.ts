import { chunk } from '@bangui/async'
import type { Live, LivePoll, Role, StoredEvent } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { HostDeps } from '../../deps.ts'
import { mergeChanges } from '../../lib/merge-changes.ts'
import { createMemoryStore } from '../../state/memory-store.ts'
import {
  createEventBatches,
  type EventBatches,
  messageOf,
  MAX_EVENTS_PER_MESSAGE,
} from '../events/event-batches.ts'
import { parseSeq } from '../events/parse-seq.ts'
import { createLevels } from './levels.ts'
import { untilEnd, type OpenStream } from './open-stream.ts'

/** How many missed events are sent after a reconnection. */
const MAX_MISSED = 1_000

type LiveDeps = Pick<HostDeps, 'state' | 'jails' | 'archive' | 'events' | 'operations'>

/**
 * The one stream of a browser tab: what was missed since `lastEventId`, the snapshot, then what happened and what
 * changed, at most ten messages a second. Of the state only the newest is sent, of events the newest and the counts of
 * all: a slow reader makes nothing grow.
 */
export const streamLive = (
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
  const missed = await readMissed(deps, lastEventId)
  let { seq } = missed
  // before the first message, which may take a reader any time
  const batches = arrivals.begin(seq)
  for (const batch of missed.batches) yield tracked(String(batch.at(-1)?.seq ?? seq), messageOf(batch))
  yield tracked(String(seq), levels.snapshot())
  await stream.pause()
  const { state, jails, operations } = deps
  const sources = [state, jails.store, operations.store, arrivals.store].map((store) => store.watch(signal))
  for await (const _ of mergeChanges(sources, signal)) {
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

/**
 * Returns what a stream begins with, as one answer: the events since `lastEventId` and the snapshot, with the id to ask
 * after the next time. For a reader whose stream does not get through.
 */
export async function pollLive(
  deps: LiveDeps,
  reader: { readonly role: Role; readonly lastEventId: string | null },
): Promise<LivePoll> {
  const { seq, batches } = await readMissed(deps, reader.lastEventId)
  const snapshot = createLevels(deps, reader.role).snapshot()
  return { id: String(seq), messages: [...batches.map(messageOf), snapshot] }
}

/** Reads the events after an id in batches of a message each, and the sequence number of the last event of all. */
async function readMissed({ archive }: Pick<HostDeps, 'archive'>, lastEventId: string | null) {
  const newest = await archive.lastSeq()
  const after = parseSeq(lastEventId)
  const isBehind = after !== null && after < newest
  const missed = (isBehind && (await archive.listEventsAfter(after, MAX_MISSED))) || []
  return { seq: missed.at(-1)?.seq ?? newest, batches: [...chunk(missed, MAX_EVENTS_PER_MESSAGE)] }
}

/** Collects what happens from now on; `store` changes with each arrival. */
function createArrivals({ events }: Pick<HostDeps, 'events'>, signal: AbortSignal) {
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
