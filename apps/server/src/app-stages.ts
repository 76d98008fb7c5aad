import {
  acquireExecutorLock,
  countUsers,
  findPause,
  loadRuntimeState,
  openArchive,
  openDatabase,
  saveRuntimeState,
  type Archive,
  type Database,
  type ExecutorLock,
  type HostDb,
} from '@bangui/db'
import type { Foundation } from './create-deps.ts'
import { prepareDataFolder } from './data-folder.ts'
import { hostDepsOf, type Deps } from './deps.ts'
import { createGeo, type Geo } from './features/geo/geo.ts'
import { takeFirstLook } from './jobs/first-look.ts'
import { loadEffectiveSettings } from './features/settings/effective-settings.ts'
import type { HostIdentity, ManagedHost } from './hosts/create-host-context.ts'
import { createHttpApp } from './http/create-http-app.ts'
import { NO_FILES_LEFT, serve, type HttpServer } from './http/serve.ts'
import { allJobs, followProbeInterval } from './jobs/jobs.ts'
import { appRouter } from './router.ts'
import type { Stage } from './stages.ts'
import { createAppState, type AppStateStore } from './state/app-state.ts'
import { createStateStore } from './state/create-state-store.ts'
import { initialState } from './state/runtime-state.ts'
import type { StateStore } from './state/state-store.ts'
import { version } from './version.ts'

/** How long a write of another process to the database is waited for: everything else waits, too. */
const DATABASE_TIMEOUT_MS = 1_000

/** How long running jobs may take to end at a shutdown, in milliseconds. */
const JOBS_TIMEOUT_MS = 10_000

/** How long requests under way may take to end at a shutdown, in milliseconds. */
const REQUESTS_TIMEOUT_MS = 2_000

/** The least time between two log lines about connections that could not be accepted, in milliseconds. */
const REFUSALS_INTERVAL_MS = 60_000

type Basis = Pick<Foundation, 'config' | 'log' | 'clock'>

export const databaseStage = ({ config, log, clock }: Basis): Stage<Database> => ({
  name: 'database',
  start: () => {
    prepareDataFolder(config.dataDir)
    return openDatabase({ url: config.databaseUrl, log, clock, busyTimeout: DATABASE_TIMEOUT_MS })
  },
  stop: (opened) => opened.close(),
})

export const executorLockStage = (database: Database, { config, clock }: Basis): Stage<ExecutorLock> => ({
  name: 'executor lock',
  start: () =>
    acquireExecutorLock(database, { pid: process.pid, hostname: config.machineName, now: clock() }),
  stop: (held) => held.release(),
})

/** The history, in workers of its own. */
export const archiveStage = (database: Database): Stage<Archive> => ({
  name: 'archive',
  start: () => openArchive({ path: database.path }),
  stop: (opened) => opened.close(),
})

/** The settings that can change at runtime, and whether the setup is complete. */
export const appStateStage = (
  database: Database,
  { config, log, demo }: Pick<Basis, 'config' | 'log'> & { readonly demo: boolean },
): Stage<AppStateStore> => ({
  name: 'settings',
  start: async () => {
    const runtimeSettings = await loadEffectiveSettings(database.db, config, log)
    const setupComplete = (await countUsers(database.db)) > 0
    return createAppState({ demo, version, runtimeSettings, setupComplete })
  },
})

/** Where addresses are; the answers of the last run are remembered. */
export const geoStage = (
  database: Database,
  appState: AppStateStore,
  { config, log, clock }: Basis,
): Stage<Geo> => ({
  name: 'geo',
  start: async () => {
    const geo = createGeo({ config, database, appState, clock, log })
    await geo.warm()
    return geo
  },
  stop: (geo) => geo.close(),
})

/** The state of a host as the last run left it. */
export const stateStage = (
  database: Database,
  appState: AppStateStore,
  { id, key, name, config, log, clock }: Basis & HostIdentity,
): Stage<StateStore> => ({
  name: 'state',
  start: async () => {
    const hostDb = { db: database.db, hostId: id }
    const restored = await restoreState(hostDb, log)
    const initial = initialState({ ...appState.get(), host: key, node: name })
    return createStateStore(
      { ...initial, ...restored, readOnly: config.readOnly },
      (durable) => saveRuntimeState(hostDb, { ...durable, now: clock() }),
      appState.nextRevision,
    )
  },
})

async function restoreState(hostDb: HostDb, log: Basis['log']) {
  const stored = await loadRuntimeState(hostDb, (field, error) => {
    log.warn(
      { event: 'state_unreadable', field, err: error },
      'a part of the stored state cannot be read and is ignored',
    )
  })
  const pause = (await findPause(hostDb)) ?? null
  if (!stored) return { pause }
  const { pendingRecovery, lastActivation, lastActivationConfirmed, online } = stored
  return {
    pause,
    pendingRecovery,
    lastActivation,
    activationConfirmed: lastActivationConfirmed,
    onlineBefore: online ?? false,
  }
}

/** The rules of alerts; they listen before anything happens. */
export const alertsStage = ({ alerts }: Pick<Deps, 'alerts'>): Stage<void> => ({
  name: 'alerts',
  start: () => alerts.start(),
  stop: () => alerts.stop(),
})

/** Degraded without a daemon, and never waiting for it. */
export const daemonStage = (deps: Deps, { context, archiveSync }: ManagedHost): Stage<void> => ({
  name: 'daemon connection',
  start: async () => {
    const hostInfo = await context.host.daemon.info()
    await context.state.update((state) => ({ ...state, hostInfo }))
    if (deps.config.readOnly)
      deps.log.info(
        { event: 'read_only' },
        'BANGUI_READ_ONLY is set: nothing is changed in fail2ban, its files or its bans',
      )
    archiveSync.start()
  },
  stop: async () => {
    const { monitor, host, state, confirmations } = context
    confirmations.stop()
    await archiveSync.stop()
    monitor.stop()
    await host.close()
    // waits for the state to be saved
    await state.update((current) => current)
  },
})

/** Ends the operations that the last run was cut off in. */
async function endInterruptedOperations({ operations, clock, log }: Deps): Promise<void> {
  const interrupted = await operations.records.interrupt(clock())
  if (interrupted > 0)
    log.info({ event: 'operations_interrupted', interrupted }, 'operations of the last run were interrupted')
}

/** `onLockLost` is called when another process took the executor lock over. */
export const jobsStage = (
  deps: Deps,
  lock: ExecutorLock,
  onLockLost: () => void,
): Stage<AbortController> => ({
  name: 'scheduler and jobs',
  start: async () => {
    await endInterruptedOperations(deps)
    const following = new AbortController()
    for (const job of allJobs(deps, lock, onLockLost)) deps.scheduler.add(job)
    for (const host of deps.hosts.list()) void takeFirstLook(hostDepsOf(deps, host), following.signal)
    void followProbeInterval(deps, following.signal)
    return following
  },
  stop: async (following) => {
    following.abort()
    deps.sessions.close()
    await Promise.all([deps.scheduler.stop(JOBS_TIMEOUT_MS), deps.imports.stop(JOBS_TIMEOUT_MS)])
  },
})

export const httpStage = (deps: Deps, webDir: string): Stage<HttpServer> => ({
  name: 'HTTP',
  start: () => {
    const { host, port, basePath, publicUrl, trustProxy } = deps.config
    const { fetch } = createHttpApp(deps, { router: appRouter, webDir })
    const onError = createRefusalReport(deps)
    const { connections } = deps
    return serve({ fetch, host, port, basePath, publicUrl, trustProxy, connections, onError })
  },
  stop: async (listening) => {
    deps.operations.close()
    const stopped = listening.stop(REQUESTS_TIMEOUT_MS)
    deps.streams.endAll()
    await stopped
    await deps.operations.flush()
  },
})

/** One cause, such as no file descriptor left, refuses many connections. */
function createRefusalReport({ log }: Pick<Deps, 'log'>) {
  let loggedAt = Number.NEGATIVE_INFINITY
  return (error: Error) => {
    if (performance.now() - loggedAt < REFUSALS_INTERVAL_MS) return
    loggedAt = performance.now()
    const isForFiles = 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')
    const why = isForFiles ? `: ${NO_FILES_LEFT}` : ''
    log.warn({ event: 'connection_not_accepted', err: error }, `a connection could not be accepted${why}`)
  }
}
