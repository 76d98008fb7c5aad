import { createBansComparisonStore, createDbJournal, type Archive, type Database } from '@bangui/db'
import { createLocalHost } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import type { Deps } from './deps.ts'
import { createLoginThrottle } from './features/auth/login-throttle.ts'
import { createPasswords } from './features/auth/passwords.ts'
import { createSessions } from './features/auth/sessions.ts'
import { createSignInLog } from './features/auth/sign-in-log.ts'
import { createArchiveSync, type ArchiveSync } from './features/events/archive-sync.ts'
import type { Geo } from './features/geo/geo.ts'
import { createBantimes } from './features/jails/bantimes.ts'
import { createJailList } from './features/jails/jail-list.ts'
import { createMissingJails } from './features/jails/missing-jails.ts'
import { createOwnLogNotes } from './features/jails/own-log-jails.ts'
import { createRememberedJails } from './features/jails/remembered-jails.ts'
import { createIdleJails, noteLoads } from './features/jails/idle-jails.ts'
import { createStopActors } from './features/jails/stop-actors.ts'
import { createStreamRegistry } from './features/live/stream-registry.ts'
import { createLimitPerUser } from './features/operations/limit-per-user.ts'
import { createOperations } from './features/operations/operations.ts'
import { createMonitor } from './features/server/monitor.ts'
import { createStopNotice } from './features/server/stop-notice.ts'
import { createSetupToken } from './features/setup/setup-token.ts'
import { createScheduler } from './jobs/scheduler.ts'
import { createBus } from './lib/event-bus.ts'
import type { Logger } from './lib/logger.ts'
import type { StateStore } from './state/state-store.ts'

/** Readings that one user may have under way or waiting: three open pages with all their statistics. */
const MAX_READINGS = 24

/** What the services are built on. */
export interface Foundation {
  readonly config: Config
  readonly log: Logger
  readonly clock: () => number
  readonly database: Database
  readonly archive: Archive
  readonly geo: Geo
  readonly state: StateStore
}

/** Builds the services; none of them does anything yet. */
export function createDeps(foundation: Foundation): {
  readonly deps: Deps
  readonly archiveSync: ArchiveSync
} {
  const { config, log, clock, database, archive, geo, state } = foundation
  const host = createLocalHost({
    socketPath: config.fail2banSocket,
    configDir: config.fail2banConfigDir,
    client: config.fail2banClient,
    startCommand: config.fail2banStartCommand ?? undefined,
    configWrite: config.configWrite,
    readOnly: config.readOnly,
    journal: createDbJournal(database.db, { node: config.nodeName, clock }),
    clock,
  })
  const idle = createIdleJails({ db: database.db, log })
  const stopped = createRememberedJails('stopped_jails', { db: database.db, log })
  const onListed = createOwnLogNotes({ archive, log })
  const jails = createJailList({ host, state, idle, stopped, onListed })
  const bantimes = createBantimes(host)
  const stopActors = createStopActors(clock)
  const missingJails = createMissingJails({
    jails,
    state,
    log,
    clock,
    onSuspicion: () => monitor.probeOften(),
  })
  const stopNotice = createStopNotice()
  const monitor = createMonitor({
    host,
    hasStopped: stopNotice.hasStopped,
    state,
    log,
    clock,
    onProbed: (outcome) => void missingJails.compare(outcome),
  })
  const streams = createStreamRegistry()
  const events = createBus<readonly StoredEvent[]>((error) => {
    log.error({ event: 'listener_failed', err: error }, 'a listener failed to process an event')
  })
  events.listen((stored) => noteLoads(idle, stored))
  const comparison = createBansComparisonStore(database.db, { node: config.nodeName, clock })
  const basis = { host, archive, comparison, events, geo, jails, bantimes, stopActors, state, clock, log }
  const archiveSync = createArchiveSync(basis, {
    onLogged: stopNotice.noticed,
    isWatched: () => streams.isWatched,
  })
  const deps: Deps = {
    archive,
    comparison,
    events,
    geo,
    operations: createOperations({ clock }),
    limitReadings: createLimitPerUser({ most: MAX_READINGS }),
    reconcile: archiveSync.reconcile,
    importNew: archiveSync.importNew,
    checkBans: archiveSync.checkBans,
    bantimes,
    stopActors,
    config,
    log,
    clock,
    database,
    state,
    jails,
    host,
    monitor,
    streams,
    scheduler: createScheduler({ log, clock }),
    passwords: createPasswords(),
    sessions: createSessions({ database, state, streams, clock, log }),
    throttle: createLoginThrottle({ clock }),
    signInLog: createSignInLog({ log }),
    setupToken: createSetupToken({ dataDir: config.dataDir }),
    bootId: randomBytes(8).toString('hex'),
  }
  return { deps, archiveSync }
}
