import { createBansComparisonStore } from '@bangui/db'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { Deps } from '../deps.ts'
import { createArchiveSync, type ArchiveSync } from '../features/events/archive-sync.ts'
import { createStoredEvents } from '../features/events/stored-events.ts'
import { createOutsideChanges } from '../features/config/outside-changes.ts'
import { createHealth } from '../features/health/health.ts'
import { createIgnoreKeeper } from '../features/ignores/ignore-keeper.ts'
import { createBantimes } from '../features/jails/bantimes.ts'
import { createIdleJails, noteLoads } from '../features/jails/idle-jails.ts'
import { createJailList } from '../features/jails/jail-list.ts'
import { createMissingJails } from '../features/jails/missing-jails.ts'
import { createOwnLogNotes } from '../features/jails/own-log-jails.ts'
import { createRememberedJails } from '../features/jails/remembered-jails.ts'
import { createStopActors } from '../features/jails/stop-actors.ts'
import { createPauses } from '../features/pause/pause.ts'
import { createChangeRecords } from '../features/recovery/change-records.ts'
import { createConfirmations } from '../features/recovery/confirmations.ts'
import { rollback } from '../features/recovery/recovery.service.ts'
import { createMonitor } from '../features/server/monitor.ts'
import { createStopNotice } from '../features/server/stop-notice.ts'
import type { StateStore } from '../state/state-store.ts'
import type { HostContext } from './host-context.ts'

/** Which host it is: see {@link HostContext}. */
export type HostIdentity = Pick<HostContext, 'id' | 'key' | 'name' | 'kind'>

/** A host, and what its context is built on. */
export interface HostFoundation extends HostIdentity {
  readonly host: Fail2banHost
  readonly state: StateStore
}

/** The context of a host, with what begins and ends its following. */
export interface ManagedHost {
  readonly context: HostContext
  readonly archiveSync: ArchiveSync
}

/** Builds what is kept for one host; nothing of it does anything yet. */
export function createHostContext(
  deps: Deps,
  { id, key, name, kind, host, state }: HostFoundation,
): ManagedHost {
  const { log, clock, geo, streams, operations, connections } = deps
  const hostDb = { db: deps.database.db, hostId: id }
  const events = createStoredEvents((error) => {
    log.error({ event: 'listener_failed', err: error }, 'a listener failed to process an event')
  })
  const archive = { ...deps.archive, ...deps.archive.forHost(id, events.emitEarly) }
  deps.appState.listen((shared) => {
    state
      .update((current) => ({ ...current, ...shared }))
      .catch((error: unknown) => {
        log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved')
      })
  })
  const idle = createIdleJails({ hostDb, log })
  const stopped = createRememberedJails('stopped_jails', { hostDb, log })
  const onListed = createOwnLogNotes({ archive, log })
  const jails = createJailList({ host, state, idle, stopped, onListed })
  const bantimes = createBantimes(host)
  const stopActors = createStopActors(clock)
  const stopNotice = createStopNotice()
  const monitor = createMonitor({
    host,
    hasStopped: stopNotice.hasStopped,
    missingJails: createMissingJails({ jails, state, log, clock }),
    state,
    log,
    clock,
  })
  events.listen((stored) => noteLoads(idle, stored))
  const comparison = createBansComparisonStore(hostDb, clock)
  const basis = { host, archive, comparison, events, geo, jails, bantimes, stopActors, state, clock, log }
  const archiveSync = createArchiveSync(basis, {
    onLogged: stopNotice.noticed,
    isWatched: () => streams.isWatched,
    cutOffBy: deps.cutOffBy,
  })
  const { reconcile, importNew, checkBans } = archiveSync
  const changes = createChangeRecords({ host, hostDb, clock, log })
  const confirmations = createConfirmations({
    host,
    of: { id, key },
    state,
    changes,
    operations,
    connections,
    streams,
    clock,
    log,
    rollBack: () => rollback({ host, changes, state, monitor, jails, clock, log }),
  })
  const pauses = createPauses({ host, hostDb, jails, state, clock })
  const applying = { host, hostDb, changes, confirmations, jails, state, monitor, clock, log }
  const ignores = createIgnoreKeeper({ ...applying, config: deps.config })
  events.listen((stored) => ignores.noteLoads(stored))
  const outsideChanges = createOutsideChanges({ host, hostDb, archive, events, clock, log })
  const health = createHealth({ host, hostDb, jails, state, archive, events, clock, log })
  const follows = { jails, bantimes, stopActors, monitor, health }
  const kept = {
    host,
    state,
    ...follows,
    archive,
    comparison,
    changes,
    outsideChanges,
    confirmations,
    pauses,
    ignores,
    events,
  }
  const context = { id, key, name, kind, hostDb, ...kept, reconcile, importNew, checkBans }
  return { context, archiveSync }
}
