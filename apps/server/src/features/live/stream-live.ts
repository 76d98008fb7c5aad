import { chunk } from '@bangui/async'
import type { Live, LivePoll, Role, StoredEvent } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { HostContext } from '../../hosts/host-context.ts'
import { mergeChanges } from '../../lib/merge-changes.ts'
import { createMemoryStore } from '../../state/memory-store.ts'
import {
  createEventBatches,
  type EventBatches,
  messageOf,
  MAX_EVENTS_PER_MESSAGE,
} from '../events/event-batches.ts'
import { listMissed, type HostStoredEvent, type MissedDeps } from '../events/host-events.ts'
import type { Operations } from '../operations/operations.ts'
import { createLevels, createOperationLevels, type Levels } from './live-messages.ts'
import { idOf, parsePlace, placeAt, placesAfter, type LivePlace } from './live-place.ts'
import { untilEnd, type OpenStream } from './open-stream.ts'

/** How many missed events are sent after a reconnection. */
const MAX_MISSED = 1_000

interface LiveDeps extends MissedDeps {
  readonly scope: readonly Pick<HostContext, 'key' | 'state' | 'jails' | 'events'>[]
  readonly operations: Operations
}

/**
 * The one stream of a browser tab: what was missed since `lastEventId`, a snapshot of each host, then what happened and
 * what changed, at most ten messages a second. Of the state only the newest is sent, of events the newest and the counts
 * of all: a slow reader makes nothing grow. Each message is about one host.
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
  const arrivals = createArrivals(deps.scope, signal)
  const levels = levelsOf(deps, stream.role)
  const operations = operationLevelsOf(deps)
  const missed = await readMissed(deps, lastEventId)
  let place = placeAt(missed.seq)
  // before the first message, which may take a reader any time
  arrivals.begin(missed.seq)
  for (const { after, message } of missed.messages) yield tracked(idOf(after), message)
  const listed = operations.list()
  for (const level of levels) {
    yield tracked(idOf(place), level.snapshot(listed))
    await stream.pause()
  }
  const stores = [
    ...deps.scope.flatMap(({ state, jails }) => [state, jails.store]),
    deps.operations.store,
    arrivals.store,
  ]
  const sources = stores.map((store) => store.watch(signal))
  // as the stores
  const followed = [...levels.flatMap((level) => [level, level]), operations]
  for await (const changed of mergeChanges(sources, signal)) {
    for (const { message, after } of arrivals.take(place)) {
      place = after
      yield tracked(idOf(place), message)
      await stream.pause()
    }
    for (const message of changesOf(followed, changed)) {
      if (signal.aborted) break
      yield tracked(idOf(place), message)
      await stream.pause()
    }
  }
}

/** Yields the changes of the levels at these places; those of a host stand at two, its state and its jails. */
function* changesOf(
  levels: readonly Pick<Levels, 'changed'>[],
  places: ReadonlySet<number>,
): Generator<Live> {
  const changed = levels.filter((_level, place) => places.has(place))
  for (const level of new Set(changed)) yield* level.changed()
}

/**
 * Returns what a stream begins with, as one answer: the events since `lastEventId` and the snapshots, with the id to ask
 * after the next time. For a reader whose stream does not get through.
 */
export async function pollLive(
  deps: LiveDeps,
  reader: { readonly role: Role; readonly lastEventId: string | null },
): Promise<LivePoll> {
  const { seq, messages } = await readMissed(deps, reader.lastEventId)
  const operations = operationLevelsOf(deps).list()
  const snapshots = levelsOf(deps, reader.role).map((level) => level.snapshot(operations))
  return { id: String(seq), messages: [...messages.map(({ message }) => message), ...snapshots] }
}

const levelsOf = ({ scope }: LiveDeps, role: Role) => scope.map((host) => createLevels(host, role))

const operationLevelsOf = ({ scope, operations }: LiveDeps) =>
  createOperationLevels(operations, new Set(scope.map(({ key }) => key)))

interface SentMessage {
  /** up to where everything was sent with this message */
  readonly after: LivePlace
  readonly message: Live
}

/** Reads the events after an id in messages, and the sequence number of the last event of all. */
async function readMissed(deps: LiveDeps, lastEventId: string | null) {
  const newest = await deps.archive.lastSeq()
  const asked = parsePlace(lastEventId)
  const listed = asked && asked.seq < newest ? await listMissed(deps, asked.seq, MAX_MISSED) : undefined
  const missed = listed?.filter(({ seq, host }) => seq > (asked?.ahead.get(host) ?? 0)) ?? []
  const messages: SentMessage[] = []
  let place = asked ?? placeAt(newest)
  for (const events of chunk(missed, MAX_EVENTS_PER_MESSAGE)) {
    const batches = batchesByHost(events)
    const places = placesAfter(place, batches)
    for (const [index, { host, batch }] of batches.entries())
      messages.push({ after: places[index] ?? place, message: messageOf(host, batch) })
    place = places.at(-1) ?? place
  }
  return { seq: listed?.at(-1)?.seq ?? newest, messages }
}

const batchesByHost = (events: readonly HostStoredEvent[]) =>
  [...Map.groupBy(events, ({ host }) => host)].map(([host, batch]) => ({
    host,
    batch,
    firstSeq: batch[0]?.seq ?? 0,
    lastSeq: batch.at(-1)?.seq ?? 0,
  }))

/** Collects what happens from now on; `store` changes with each arrival. */
function createArrivals(scope: LiveDeps['scope'], signal: AbortSignal) {
  const store = createMemoryStore({ initial: 0 })
  const hosts = scope.map(({ key, events }) => {
    const host = { key, early: [] as (readonly StoredEvent[])[], batches: null as EventBatches | null }
    const stop = events.listen((batch) => {
      if (host.batches) host.batches.add(batch)
      else host.early.push(batch)
      void store.update((count) => count + 1)
    })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    return host
  })
  return {
    store,
    begin(after: number): void {
      for (const host of hosts) {
        host.batches = createEventBatches(after)
        for (const batch of host.early.splice(0)) host.batches.add(batch)
      }
    },
    /** Takes out the events, a message a host. */
    take(before: LivePlace): SentMessage[] {
      const taken = hosts
        .flatMap(({ key, batches }) => {
          const batch = batches?.take()
          return batch ? [{ host: key, ...batch }] : []
        })
        .toSorted((one, other) => one.lastSeq - other.lastSeq)
      const places = placesAfter(before, taken)
      return taken.map(({ host, events, counts }, index) => ({
        message: { type: 'events', host, events, counts },
        after: places[index] ?? before,
      }))
    },
  }
}
