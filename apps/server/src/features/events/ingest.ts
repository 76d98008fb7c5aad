import { setTimeout as sleep } from 'node:timers/promises'
import type { IngestEvent } from '@bangui/db'
import type { HostEventBatch } from '@bangui/fail2ban'
import type { HostEvent } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { setWatching } from './watching.ts'

export type IngestDeps = Pick<Deps, 'host' | 'archive' | 'events' | 'geo' | 'jails' | 'state' | 'log'>

/** Where the position of the log's reader is kept. */
export const LOG_POSITION = 'log'

/** The least and the longest wait before the log is followed again after a failure, in milliseconds. */
const retry = { first: 1_000, longest: 30_000 }

/**
 * Takes in what fail2ban logs until the signal aborts: each batch is stored with the reader's position, then told. A
 * batch that could not be stored is read again, since the position did not move.
 */
export async function followLog(deps: IngestDeps, signal: AbortSignal): Promise<void> {
  let wait = retry.first
  while (!signal.aborted) {
    try {
      const position = await deps.archive.getPosition(LOG_POSITION)
      for await (const batch of deps.host.watchEvents({ position, signal })) {
        await takeIn(deps, batch)
        wait = retry.first
      }
      if (!signal.aborted) throw new Error('the log is not followed any more')
    } catch (error) {
      if (signal.aborted) return
      deps.log.error({ event: 'ingest_failed', err: error }, 'what fail2ban logs could not be taken in')
      await sleep(wait, undefined, { signal }).catch(() => undefined)
      wait = Math.min(wait * 2, retry.longest)
    }
  }
}

async function takeIn(deps: IngestDeps, batch: HostEventBatch): Promise<void> {
  const events = batch.events.map((event) => withWhatIsKnown(deps, event))
  const position = { name: LOG_POSITION, value: batch.position }
  const stored = await deps.archive.ingest({ events, position })
  if (stored.length > 0) deps.events.emit(stored)
  await setWatching(deps, { events: batch.status })
}

function withWhatIsKnown({ geo, jails }: IngestDeps, event: HostEvent): IngestEvent {
  const country = 'address' in event && event.address !== null ? geo.countryOf(event.address) : null
  const bantime =
    event.type === 'ban'
      ? (jails.store.get()?.find((jail) => jail.name === event.jail)?.bantime ?? null)
      : null
  return { event, country, bantime }
}
