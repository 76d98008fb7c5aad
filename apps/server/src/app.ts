import {
  alertsStage,
  appStateStage,
  archiveStage,
  daemonStage,
  databaseStage,
  executorLockStage,
  geoStage,
  httpStage,
  jobsStage,
  stateStage,
} from './app-stages.ts'
import type { Config } from './config.ts'
import { createDeps } from './create-deps.ts'
import type { Deps } from './deps.ts'
import { announceSetup, completeUnattended } from './features/setup/setup.service.ts'
import { addLocalHost, localHost, type WrapHost } from './hosts/add-local-host.ts'
import type { Logger } from './lib/logger.ts'
import { createStages } from './stages.ts'

export interface AppOptions {
  readonly config: Config
  readonly demo: boolean
  /** the folder of the built web interface */
  readonly webDir: string
  readonly log: Logger
  /** ends a start under way */
  readonly signal?: AbortSignal
  readonly clock?: () => number
  readonly wrapHost?: WrapHost
}

export interface App {
  readonly url: string
  readonly deps: Deps
  /** resolves when another process took the executor lock over: this one must end */
  readonly lost: Promise<'lost'>
  stop(): Promise<void>
}

/** Starts everything, stage by stage, and serves. @throws StageError; what was started is undone then */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, demo, webDir, log, signal, clock = Date.now } = options
  const basis = { config, log, clock }
  const stages = createStages(log)
  signal?.addEventListener('abort', () => void stages.stop(), { once: true })
  // the signal may have aborted while the demo started
  if (signal?.aborted) void stages.stop()
  const lost = Promise.withResolvers<'lost'>()

  const database = await stages.run(databaseStage(basis))
  const lock = await stages.run(executorLockStage(database, basis))
  await stages.run({ name: 'migrations', start: () => database.migrate() })
  const archive = await stages.run(archiveStage(database))
  const appState = await stages.run(appStateStage(database, { ...basis, demo }))
  const state = await stages.run(stateStage(database, appState, { ...basis, ...localHost(config) }))
  const geo = await stages.run(geoStage(database, appState, basis))
  const deps = createDeps({ ...basis, database, archive, geo, appState, cutOffBy: lock.cutOffBy })
  const local = addLocalHost(deps, state, options.wrapHost)
  await stages.run(alertsStage(deps))
  await stages.run(daemonStage(deps, local))
  await stages.run(jobsStage(deps, lock, () => lost.resolve('lost')))
  await stages.run({ name: 'setup', start: () => completeUnattended(deps) })
  const server = await stages.run(httpStage(deps, webDir))
  await stages.run({ name: 'setup link', start: () => announceSetup(deps, server.url) })

  log.info({ event: 'listening', url: server.url }, 'listening')
  return { url: server.url, deps, lost: lost.promise, stop: () => stages.stop() }
}
