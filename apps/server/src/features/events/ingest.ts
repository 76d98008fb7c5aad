import { sleep, withTimeout } from '@bangui/async'
import type { IngestEvent } from '@bangui/db'
import type { HostEventBatch } from '@bangui/fail2ban'
import type { HostEvent } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { boundedEvent, boundedDuration } from './bounded-event.ts'
import { setWatching } from './watching.ts'

export type IngestDeps = Pick<
  HostDeps,
  'host' | 'archive' | 'events' | 'geo' | 'jails' | 'bantimes' | 'stopActors' | 'state' | 'clock' | 'log'
>

/** Where the position of the log's reader is kept. */
export const LOG_CURSOR = 'log'

/** The least and the longest wait before the log is followed again after a failure, in milliseconds. */
const retry = { first: 1_000, longest: 30_000 }

/** How many unknown jail names cause a listing of the jails. */
const MAX_JAILS = 1_000

/** How long a batch waits for the bantimes of its jails. After that, the lists of the jails correct the ends of the bans. */
const BANTIMES_TIMEOUT_MS = 250

export interface FollowOptions {
  readonly signal: AbortSignal
  /** called with the events of the log, before they are stored */
  readonly onLogged?: (events: readonly HostEvent[]) => void
}

/**
 * Follows fail2ban's log until the signal aborts: each batch is stored with the reader's cursor, then emitted. A batch
 * that could not be stored is read again, since the cursor did not move.
 */
export async function followLog(deps: IngestDeps, { signal, onLogged }: FollowOptions): Promise<void> {
  let wait = retry.first
  const lookedFor = new Set<string>()
  while (!signal.aborted) {
    try {
      const position = await deps.archive.getCursor(LOG_CURSOR)
      for await (const batch of deps.host.events.follow({ position, signal })) {
        onLogged?.(batch.events)
        await findJails(deps, batch, lookedFor)
        await findBantimes(deps, batch)
        await takeIn(deps, batch)
        wait = retry.first
      }
      if (!signal.aborted) throw new Error('the log is not followed any more')
    } catch (error) {
      if (signal.aborted) return
      deps.log.error({ event: 'ingest_failed', err: error }, 'fail2ban’s log could not be read or stored')
      await sleep(wait, { signal }).catch(() => undefined)
      wait = Math.min(wait * 2, retry.longest)
    }
  }
}

/** Lists the jails once for each unknown jail name: the duration of a ban comes from its jail's bantime. */
async function findJails(
  { jails, log }: IngestDeps,
  { events }: HostEventBatch,
  lookedFor: Set<string>,
): Promise<void> {
  const known = new Set(jails.store.get()?.map(({ name }) => name))
  const strange = events.flatMap((event) =>
    event.type === 'ban' && !known.has(event.jail) && !lookedFor.has(event.jail) ? [event.jail] : [],
  )
  if (strange.length === 0 || lookedFor.size >= MAX_JAILS) return
  for (const name of strange) lookedFor.add(name)
  await jails.refresh().catch((error: unknown) => {
    log.debug({ event: 'jails_not_listed', err: error }, 'the ban times of the jails could not be read yet')
  })
}

/** The line about a new bantime does not name its jail: the daemon is asked before the bans that follow. */
async function findBantimes({ bantimes, log }: IngestDeps, { events }: HostEventBatch): Promise<void> {
  if (events.some(({ type }) => type === 'bantime')) bantimes.outdate()
  if (events.every((event) => event.type !== 'ban' || bantimes.isCurrent(event.jail))) return
  const asked = bantimes.refresh().catch((error: unknown) => {
    log.debug({ event: 'bantimes_not_read', err: error }, 'the ban times of the jails could not be read yet')
  })
  await withTimeout(() => asked, { milliseconds: BANTIMES_TIMEOUT_MS, onTimeout: () => undefined })
}

async function takeIn(deps: IngestDeps, batch: HostEventBatch): Promise<void> {
  const events = batch.events.map((event) => withWhatIsKnown(deps, event))
  const cursor = { name: LOG_CURSOR, value: batch.position }
  const stored = await deps.archive.ingest({ events, cursor })
  if (stored.length > 0) deps.events.emit(stored)
  deps.geo.learn(events.flatMap(withoutCountry))
  await setWatching(deps, { events: batch.status })
}

const withoutCountry = ({ event, country }: IngestEvent) =>
  event.type === 'ban' && country === null ? [event.address] : []

function withWhatIsKnown(deps: IngestDeps, told: HostEvent): IngestEvent {
  const event = boundedEvent(told, deps.clock())
  const country = 'address' in event && event.address !== null ? deps.geo.countryOf(event.address) : null
  const jail =
    event.type === 'ban' || event.type === 'failure'
      ? deps.jails.store.get()?.find(({ name }) => name === event.jail)
      : undefined
  // for a jail that does not run any more, the last known value
  const bantime = event.type === 'ban' ? (deps.bantimes.get(event.jail) ?? jail?.bantime) : null
  const echo = event.type === 'failure' && jail?.readsOwnLog === true
  const isStop = event.type === 'suspended' || (event.type === 'jail' && event.change === 'stopped')
  const by = isStop ? deps.stopActors.actorOf(event.jail, event.at) : null
  return { event, country, bantime: boundedDuration(bantime), by, ...(echo && { echo }) }
}
