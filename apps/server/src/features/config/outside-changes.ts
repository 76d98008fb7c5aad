import { findLastOutsideChange, insertOutsideChange, type HostArchive, type HostDb } from '@bangui/db'
import { keyedSingleFlight } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { Event, OutsideEntry, StoredEvent } from '@bangui/shared'
import type { Bus } from '../../lib/event-bus.ts'
import type { Logger } from '../../lib/logger.ts'

/** Keeps the history complete with what others do to the files of the configuration. */
export interface OutsideChanges {
  /** Looks at the files, and records what somebody else has changed. Calls meanwhile share the look. Never rejects. */
  note(): Promise<void>
}

export interface OutsideChangesDeps {
  readonly host: Fail2banHost
  readonly archive: Pick<HostArchive, 'addEvent'>
  readonly events: Bus<readonly StoredEvent[]>
  readonly hostDb: HostDb
  readonly clock: () => number
  readonly log: Logger
}

/** Creates the {@link OutsideChanges} of a host. */
export function createOutsideChanges(deps: OutsideChangesDeps): OutsideChanges {
  const { host, hostDb, log } = deps
  const oneLook = keyedSingleFlight<void>()
  const look = async () => {
    const entries = await host.config.noteOutsideChanges((await findLastOutsideChange(hostDb)) ?? 0)
    for (const entry of entries) await record(deps, entry)
  }
  return {
    note: () =>
      oneLook('look', look).catch((error: unknown) => {
        log.debug({ event: 'outside_changes_not_noted', err: error }, 'the files could not be compared')
      }),
  }
}

async function record(
  { host, hostDb, archive, events, clock, log }: OutsideChangesDeps,
  entry: OutsideEntry,
) {
  const { id, title, at, replaces, files } = entry
  const change = { id, operationId: null, title, note: null, files, load: [], createdAt: at } as const
  const expect = { before: [], running: [], stopped: [] }
  const old = await insertOutsideChange(
    hostDb,
    { ...change, expect, state: 'applied', outside: true },
    { replaces, now: clock() },
  )
  for (const each of old) await host.config.forget(each).catch(() => undefined)
  log.info(
    { event: 'config_changed_outside', changeId: id, files: files.length },
    'somebody else has changed the configuration',
  )
  const event: Event = { type: 'config.changed', at, change: id, title, files: files.length }
  try {
    const stored = await archive.addEvent(event)
    if (stored.length > 0) events.emit(stored)
  } catch (error) {
    log.warn(
      { event: 'event_not_stored', err: error },
      'a change of the configuration could not be stored as an event',
    )
  }
}
