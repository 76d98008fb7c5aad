import type { EventType, StoredEvent } from '@bangui/shared'
import type { AlertsDeps } from './alerts-deps.ts'
import { listMissed, withHost, type HostStoredEvent } from '../events/host-events.ts'

/** Events that wait in memory; above that they are read from the archive again. */
const MAX_WAITING = 20_000

/** How many events are read from the archive after a crash; older ones are not looked at. */
const MAX_MISSED = 50_000

/** The events of all hosts, each given once in the order of their numbers, from a stored number on. */
export interface EventFeed {
  /** Returns the events after `seq` and the number of the last one. They are given again until they are dropped. */
  read(seq: number): Promise<{ readonly events: readonly HostStoredEvent[]; readonly seq: number }>
  /** Forgets the events up to a number: somebody has stored that they were seen. */
  drop(seq: number): void
  stop(): void
}

/** The events that a rule can be about, or that come with a change of what rules look at. */
const types: ReadonlySet<EventType> = new Set<EventType>([
  'action.failed',
  'ban.added',
  'blocklist.changed',
  'blocklist.failed',
  'blocklist.held',
  'blocklist.imported',
  'config.changed',
  'daemon.changed',
  'health.changed',
  'jail.changed',
])

/** Creates the feed; `onEvents` is called when there are new ones that may matter. */
export function createEventFeed(
  deps: Pick<AlertsDeps, 'hosts' | 'archive' | 'log'>,
  onEvents: () => void,
): EventFeed {
  let waiting: HostStoredEvent[] = []
  const take = (host: string, batch: readonly StoredEvent[]) => {
    // what is left out is a gap, which is read from the archive
    if (waiting.length + batch.length > MAX_WAITING) waiting = []
    if (batch.length <= MAX_WAITING) waiting.push(...withHost(host, batch))
    if (batch.some(({ event }) => types.has(event.type))) onEvents()
  }
  const stops = deps.hosts.list().map(({ key, events }) => events.listen((batch) => take(key, batch)))

  return {
    async read(seq) {
      const fresh = waiting.filter((each) => each.seq > seq).toSorted((one, other) => one.seq - other.seq)
      const isWhole = fresh.every((each, index) => each.seq === seq + 1 + index)
      if (isWhole) return { events: fresh, seq: fresh.at(-1)?.seq ?? seq }
      return readMissed(deps, seq)
    },
    drop(seq) {
      waiting = waiting.filter((each) => each.seq > seq)
    },
    stop() {
      for (const stop of stops) stop()
    },
  }
}

/** Reads what is not in memory: BanGUI ended before the events were looked at, or there were too many. */
export async function readMissed(
  { hosts, archive, log }: Pick<AlertsDeps, 'hosts' | 'archive' | 'log'>,
  seq: number,
): Promise<{ readonly events: readonly HostStoredEvent[]; readonly seq: number }> {
  const scope = hosts.list()
  const [only, ...others] = scope
  const reader = only && others.length === 0 ? only.archive : archive.forHosts(scope.map(({ id }) => id))
  const events = await listMissed({ scope, archive: reader }, seq, MAX_MISSED)
  if (events) return { events, seq: events.at(-1)?.seq ?? seq }
  log.warn({ event: 'alerts_events_missed', seq }, 'events since the last look of the alert rules are gone')
  return { events: [], seq: await reader.lastSeq() }
}
