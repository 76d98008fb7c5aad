import { notifier } from '@bangui/async'
import type { Event, StoredEvent } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { HostContext } from '../../hosts/host-context.ts'
import { untilEnd, type OpenStream } from '../live/open-stream.ts'
import { listMissed, sentEvent, withHost, type HostStoredEvent, type MissedDeps } from './host-events.ts'
import { parseSeq } from './parse-seq.ts'

/** Events that wait for a slow reader; above that they are read from the archive again. */
const MAX_WAITING = 5_000
/** How many missed events are sent; if there are more, a reset is sent. */
const MAX_MISSED = 10_000

interface WatchDeps extends MissedDeps {
  readonly scope: readonly Pick<HostContext, 'key' | 'events'>[]
  readonly clock: () => number
}

/**
 * Yields every event of the hosts, from the one after `lastEventId` on, without gaps or repetitions. Begins with a `reset` where missed
 * events were deleted. Nothing is queued without bound: a reader that is too slow is served from the archive.
 */
export const streamEvents = (
  deps: WatchDeps,
  stream: OpenStream,
  lastEventId: string | null,
): AsyncGenerator<TrackedEnvelope<Event>> =>
  untilEnd(stream, messagesOf(deps, { signal: stream.signal, lastEventId }))

interface Viewer {
  readonly signal: AbortSignal
  readonly lastEventId: string | null
}

async function* messagesOf(
  deps: WatchDeps,
  { signal, lastEventId }: Viewer,
): AsyncGenerator<TrackedEnvelope<Event>> {
  const inbox = createInbox(deps, signal)
  const newest = await deps.archive.lastSeq()
  let last = parseSeq(lastEventId) ?? newest
  let behind = last !== newest
  while (!signal.aborted) {
    if (behind) {
      // a place that is ahead is one of another database
      const isAhead = last > (await deps.archive.lastSeq())
      const missed = isAhead ? undefined : await listMissed(deps, last, MAX_MISSED)
      if (missed === undefined) {
        last = await deps.archive.lastSeq()
        yield tracked(String(last), resetOf(deps))
      }
      for (const each of missed ?? []) {
        yield tracked(String(each.seq), sentEvent(each))
        last = each.seq
      }
    }
    const { batch, overflowed } = await inbox.next()
    behind = overflowed
    for (const each of batch) {
      if (each.seq <= last) continue
      yield tracked(String(each.seq), sentEvent(each))
      last = each.seq
    }
  }
}

/** Returns the message that events are missing, of one host or of several. */
const resetOf = ({ scope, clock }: WatchDeps): Event => {
  const [only, ...others] = scope
  return { type: 'reset', at: clock(), ...(only && others.length === 0 && { host: only.key }) }
}

/** Collects the events that were not read yet. */
function createInbox({ scope }: WatchDeps, signal: AbortSignal) {
  let waiting: HostStoredEvent[] = []
  let overflowed = false
  const arrived = notifier()
  const take = (host: string, batch: readonly StoredEvent[]) => {
    if (waiting.length + batch.length > MAX_WAITING) {
      waiting = []
      overflowed = true
    }
    if (!overflowed) waiting.push(...withHost(host, batch))
    arrived.notify()
  }
  const stops = scope.map(({ key, events }) => events.listen((batch) => take(key, batch)))
  const stop = () => {
    for (const stopListening of stops) stopListening()
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return {
    async next() {
      if (waiting.length === 0 && !overflowed) await arrived.wait({ signal })
      const taken = { batch: waiting, overflowed }
      waiting = []
      overflowed = false
      return taken
    },
  }
}
