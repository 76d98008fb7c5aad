import type { Archive, Database } from '@bangui/db'
import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import type { Deps } from './deps.ts'
import { createAlerts } from './features/alerts/alerts.ts'
import { createSendBy } from './features/alerts/send-by-channel.ts'
import { createLoginThrottle } from './features/auth/login-throttle.ts'
import { createPasswords } from './features/auth/passwords.ts'
import { createSessions } from './features/auth/sessions.ts'
import { createSignInLog } from './features/auth/sign-in-log.ts'
import type { Geo } from './features/geo/geo.ts'
import { createRunningImports } from './features/blocklists/running-imports.ts'
import { createLatestPerUser } from './features/config/latest-per-user.ts'
import { createFilterTestRuns } from './features/config/filter-test-runs.ts'
import { createLogHighlights } from './features/config/log-highlights.ts'
import { createStreamRegistry } from './features/live/stream-registry.ts'
import { createLimitPerUser } from './features/operations/limit-per-user.ts'
import { createOperationStore } from './features/operations/operation-store.ts'
import { createOperations } from './features/operations/operations.ts'
import { createSetupToken } from './features/setup/setup-token.ts'
import { createConnections } from './http/connections.ts'
import { createHosts } from './hosts/hosts.ts'
import { createScheduler } from './jobs/scheduler.ts'
import { createFetchPublic } from './lib/fetch-public.ts'
import type { Logger } from './lib/logger.ts'
import { createKeySource } from './lib/secret-key.ts'
import { createSecrets } from './lib/secrets.ts'
import type { AppStateStore } from './state/app-state.ts'

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
  readonly appState: AppStateStore
  /** when the process before this one was cut off at the latest; null: it was not */
  readonly cutOffBy: number | null
}

/** Builds what exists once, without any host; nothing of it does anything yet. */
export function createDeps(foundation: Foundation): Deps {
  const { config, log, clock, database, appState } = foundation
  const streams = createStreamRegistry()
  const deps = {
    ...foundation,
    streams,
    connections: createConnections(),
    hosts: createHosts(),
    fetchPublic: createFetchPublic(config),
    operations: createOperations({ clock, log, records: createOperationStore(database.db) }),
    imports: createRunningImports(),
    limitReadings: createLimitPerUser({ most: MAX_READINGS }),
    latestRegexTest: createLatestPerUser(),
    filterTestRuns: createFilterTestRuns(),
    latestPreview: createLatestPerUser('preview_replaced'),
    latestListPreview: createLatestPerUser('preview_replaced'),
    logHighlights: createLogHighlights(),
    scheduler: createScheduler({ log, clock }),
    passwords: createPasswords(),
    sessions: createSessions({ database, appState, streams, clock, log }),
    throttle: createLoginThrottle({ clock }),
    signInLog: createSignInLog({ log, clock }),
    secrets: createSecrets({ key: createKeySource({ dataDir: config.dataDir, given: config.secretKey }) }),
    setupToken: createSetupToken({ dataDir: config.dataDir }),
    bootId: randomBytes(8).toString('hex'),
  }
  return { ...deps, alerts: createAlerts(deps, createSendBy(deps)) }
}
