import {
  acquireExecutorLock,
  countUsers,
  createDbJournal,
  loadRuntimeState,
  openDatabase,
  saveRuntimeState,
  type Database,
} from '@bangui/db'
import { createLocalHost } from '@bangui/fail2ban'
import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import type { Deps } from './deps.ts'
import { createLoginThrottle } from './features/auth/login-throttle.ts'
import { createPasswords } from './features/auth/passwords.ts'
import { createSessions } from './features/auth/sessions.ts'
import { createJailList } from './features/jails/jail-list.ts'
import { createJailWatch } from './features/jails/jail-watch.ts'
import { createStreamRegistry } from './features/live/stream-registry.ts'
import { resolveInterruptedChanges } from './features/recovery/interrupted-changes.ts'
import { createMonitor } from './features/server/monitor.ts'
import { loadEffectiveSettings } from './features/settings/effective-settings.ts'
import { createSetupToken } from './features/setup/setup-token.ts'
import { announceSetup, completeUnattended } from './features/setup/setup.service.ts'
import { createHttpApp } from './http/create-http-app.ts'
import { serve } from './http/serve.ts'
import { allJobs, followProbeInterval } from './jobs/jobs.ts'
import { createScheduler } from './jobs/scheduler.ts'
import type { Logger } from './lib/logger.ts'
import { appRouter } from './router.ts'
import { createStages } from './stages.ts'
import { createStateStore } from './state/create-state-store.ts'
import { initialState } from './state/runtime-state.ts'
import { version } from './version.ts'

/** How long somebody else's write to the database is waited for, in milliseconds: everything else waits with it. */
const DATABASE_PATIENCE = 1_000

/** How long running jobs may take to end at a shutdown, in milliseconds. */
const JOBS_DEADLINE = 10_000

/** How long requests under way may take to end at a shutdown, in milliseconds. */
const REQUESTS_DEADLINE = 2_000

export interface AppOptions {
  readonly config: Config
  readonly demo: boolean
  /** the folder of the built web interface */
  readonly webDir: string
  readonly log: Logger
  /** ends a start under way */
  readonly signal?: AbortSignal
  readonly clock?: () => number
}

export interface App {
  readonly url: string
  readonly deps: Deps
  /** resolves when another process took the executor lock over: this one must end */
  readonly lost: Promise<'lost'>
  stop(): Promise<void>
}

/** Builds everything, stage by stage, and serves. @throws StageError; what was started is undone then */
export async function startApp({
  config,
  demo,
  webDir,
  log,
  signal,
  clock = Date.now,
}: AppOptions): Promise<App> {
  const stages = createStages(log)
  signal?.addEventListener('abort', () => void stages.stop(), { once: true })
  const lost = Promise.withResolvers<'lost'>()

  const database = await stages.run({
    name: 'database',
    start: () => openDatabase({ url: config.databaseUrl, log, clock, busyTimeout: DATABASE_PATIENCE }),
    stop: (opened) => opened.close(),
  })
  const lock = await stages.run({
    name: 'executor lock',
    start: () =>
      acquireExecutorLock(database, { pid: process.pid, hostname: config.machineName, now: clock() }),
    stop: (held) => held.release(),
  })
  await stages.run({ name: 'migrations', start: () => database.migrate() })
  const runtimeSettings = await stages.run({
    name: 'settings',
    start: () => loadEffectiveSettings(database.db, config, log),
  })
  const state = await stages.run({
    name: 'state',
    start: async () => {
      const restored = await restoreState(database, config.nodeName, log)
      const setupComplete = (await countUsers(database.db)) > 0
      const initial = initialState({ demo, node: config.nodeName, version })
      return createStateStore({ ...initial, ...restored, setupComplete, runtimeSettings }, (durable) =>
        saveRuntimeState(database.db, config.nodeName, { ...durable, now: clock() }),
      )
    },
  })

  const host = createLocalHost({
    socketPath: config.fail2banSocket,
    configDir: config.fail2banConfigDir,
    client: config.fail2banClient,
    startCommand: config.fail2banStartCommand ?? undefined,
    configWrite: config.configWrite,
    journal: createDbJournal(database.db, { node: config.nodeName, clock }),
    clock,
  })
  const jails = createJailList({ host, state })
  const jailWatch = createJailWatch({ jails, state, log, clock, onSuspicion: () => monitor.watchClosely() })
  const monitor = createMonitor({
    host,
    state,
    log,
    clock,
    onProbed: (outcome) => void jailWatch.look(outcome),
  })
  const streams = createStreamRegistry()
  const scheduler = createScheduler({ log, clock })
  const sessions = createSessions({ database, state, streams, clock, log })
  const throttle = createLoginThrottle({ clock })
  const setupToken = createSetupToken({ dataDir: config.dataDir })
  const bootId = randomBytes(8).toString('hex')
  const deps: Deps = {
    config,
    log,
    clock,
    database,
    state,
    jails,
    host,
    monitor,
    scheduler,
    sessions,
    throttle,
    setupToken,
    streams,
    bootId,
    passwords: createPasswords(),
  }

  await stages.run({
    name: 'daemon connection',
    start: () => {
      // degraded without a daemon, and never waiting for it
      void monitor
        .probe()
        .then(() => resolveInterruptedChanges(deps))
        .catch((error: unknown) => {
          log.error(
            { event: 'interrupted_changes_failed', err: error },
            'interrupted changes could not be looked at',
          )
        })
    },
    stop: async () => {
      monitor.stop()
      await host.close()
      await state.update((current) => current)
    },
  })
  await stages.run({
    name: 'scheduler and jobs',
    start: () => {
      const following = new AbortController()
      for (const job of allJobs(deps, lock, () => lost.resolve('lost'))) scheduler.add(job)
      void followProbeInterval(deps, following.signal)
      return following
    },
    stop: async (following) => {
      following.abort()
      sessions.close()
      await scheduler.stop(JOBS_DEADLINE)
    },
  })
  await stages.run({ name: 'setup', start: () => completeUnattended(deps) })
  const server = await stages.run({
    name: 'HTTP',
    start: () => {
      const { fetch } = createHttpApp(deps, { router: appRouter, webDir })
      return serve({
        fetch,
        host: config.host,
        port: config.port,
        basePath: config.basePath,
        publicUrl: config.publicUrl,
      })
    },
    stop: async (listening) => {
      const stopped = listening.stop(REQUESTS_DEADLINE)
      streams.endAll()
      await stopped
    },
  })
  await stages.run({ name: 'setup link', start: () => announceSetup(deps, server.url) })
  log.info({ event: 'listening', url: server.url }, 'listening')
  return { url: server.url, deps, lost: lost.promise, stop: () => stages.stop() }
}

async function restoreState(database: Database, node: string, log: Logger) {
  const stored = await loadRuntimeState(database.db, node, (field, error) => {
    log.warn(
      { event: 'state_unreadable', field, err: error },
      'a part of the stored state cannot be read and counts as absent',
    )
  })
  if (!stored) return {}
  const { pendingRecovery, lastActivation, lastActivationConfirmed, online } = stored
  return {
    pendingRecovery,
    lastActivation,
    activationConfirmed: lastActivationConfirmed,
    onlineBefore: online ?? false,
  }
}
