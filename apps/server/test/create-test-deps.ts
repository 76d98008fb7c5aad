import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { openTestDatabase } from '@bangui/db'
import { LOCAL_HOST_ID } from '@bangui/shared'
import { loadConfig, type Machine } from '../src/config.ts'
import type { Context } from '../src/context.ts'
import type { RequestInfo } from '../src/http/request-info.ts'
import type { Deps, HostDeps } from '../src/deps.ts'
import { createAlerts } from '../src/features/alerts/alerts.ts'
import { createSendBy } from '../src/features/alerts/send-by-channel.ts'
import { createLoginThrottle } from '../src/features/auth/login-throttle.ts'
import { createPasswords } from '../src/features/auth/passwords.ts'
import type { Session } from '../src/features/auth/session.ts'
import { createSessions } from '../src/features/auth/sessions.ts'
import { createSignInLog } from '../src/features/auth/sign-in-log.ts'
import { createRunningImports } from '../src/features/blocklists/running-imports.ts'
import { createLatestPerUser } from '../src/features/config/latest-per-user.ts'
import { createFilterTestRuns } from '../src/features/config/filter-test-runs.ts'
import { createLogHighlights } from '../src/features/config/log-highlights.ts'
import { createStreamRegistry } from '../src/features/live/stream-registry.ts'
import { createOperationStore } from '../src/features/operations/operation-store.ts'
import { createOperations } from '../src/features/operations/operations.ts'
import { createHealth } from '../src/features/health/health.ts'
import { createIgnoreKeeper } from '../src/features/ignores/ignore-keeper.ts'
import { createLimitPerUser } from '../src/features/operations/limit-per-user.ts'
import { createOutsideChanges } from '../src/features/config/outside-changes.ts'
import { createPauses } from '../src/features/pause/pause.ts'
import { createChangeRecords } from '../src/features/recovery/change-records.ts'
import { createSetupToken } from '../src/features/setup/setup-token.ts'
import { createConnections } from '../src/http/connections.ts'
import { hostOf } from './one-host.ts'
import { createHosts } from '../src/hosts/hosts.ts'
import { createScheduler } from '../src/jobs/scheduler.ts'
import { createKeySource } from '../src/lib/secret-key.ts'
import { createSecrets } from '../src/lib/secrets.ts'
import { createCaller } from '../src/router.ts'
import { createAppState } from '../src/state/app-state.ts'
import { createFakeGeo } from './fake-geo.ts'
import { createFetchPublic } from '../src/lib/fetch-public.ts'
import { createServiceDeps } from './service-deps.ts'

/** A machine that no test shares. */
export const testMachine: Machine = {
  isRoot: false,
  hostname: 'web1.example.org',
  home: '/home/ada',
  cwd: '/srv',
  readFile: () => {
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  },
}

/** Everything that the services need: a real database in memory, a data folder of its own, one fake host, and a clock. */
export async function createTestDeps(env: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'bangui-'))
  const config = loadConfig({ BANGUI_DATA_DIR: dataDir, ...env }, testMachine)
  const database = await openTestDatabase()
  const service = createServiceDeps(undefined, {
    runtimeSettings: config.runtime,
    readOnly: config.readOnly,
  })
  const { state, clock, log } = service.deps
  const appState = createAppState({ demo: false, version: '0', runtimeSettings: config.runtime })
  appState.listen((shared) => void state.update((current) => ({ ...current, ...shared })))
  const streams = createStreamRegistry()
  const hostDb = { db: database.db, hostId: LOCAL_HOST_ID }
  const changes = createChangeRecords({ host: service.host, hostDb, clock, log })
  const kept = {
    ...service.deps,
    operations: createOperations({ clock, log, records: createOperationStore(database.db) }),
    hostDb,
    changes,
    outsideChanges: createOutsideChanges({ ...service.deps, hostDb }),
    pauses: createPauses({ ...service.deps, hostDb }),
    ignores: createIgnoreKeeper({ ...service.deps, changes, hostDb, config }),
    health: createHealth({ ...service.deps, hostDb }),
    reconcile: async () => undefined,
    importNew: async () => undefined,
    checkBans: () => undefined,
  }
  const basis = {
    ...kept,
    config,
    appState,
    hosts: createHosts([hostOf(kept)]),
    database,
    geo: createFakeGeo(),
    secrets: createSecrets({ key: createKeySource({ dataDir, given: config.secretKey }) }),
    fetchPublic: createFetchPublic(config),
    latestRegexTest: createLatestPerUser(),
    filterTestRuns: createFilterTestRuns(),
    latestPreview: createLatestPerUser('preview_replaced'),
    latestListPreview: createLatestPerUser('preview_replaced'),
    logHighlights: createLogHighlights(),
    imports: createRunningImports(),
    limitReadings: createLimitPerUser({ most: 24 }),
    scheduler: createScheduler({ log, clock }),
    passwords: createPasswords(),
    sessions: createSessions({ database, appState, streams, clock, log }),
    throttle: createLoginThrottle({ clock }),
    signInLog: createSignInLog({ log, clock }),
    setupToken: createSetupToken({ dataDir }),
    streams,
    connections: createConnections(),
    bootId: 'test',
    cutOffBy: null,
  }
  const deps: HostDeps = { ...basis, alerts: createAlerts(basis, createSendBy(basis)) }
  return {
    ...service,
    deps,
    appState,
    dataDir,
    async [Symbol.asyncDispose]() {
      deps.sessions.close()
      service[Symbol.dispose]()
      await database.close()
      await rm(dataDir, { recursive: true })
    },
  }
}

export interface VisitorOptions {
  readonly remoteAddress?: string
  readonly sharedAddress?: boolean
}

/** Somebody with a browser: keeps cookies, and calls procedures with the session that they stand for. */
export function createVisitor(
  deps: Deps,
  { remoteAddress = '192.0.2.1', sharedAddress = false }: VisitorOptions = {},
) {
  const cookies: Record<string, string> = {}
  const visitor = {
    cookies,
    /** calls with the cookies as they are now, and takes those that the answer sets */
    async call<TResult>(work: (api: ReturnType<typeof createCaller>) => Promise<TResult>): Promise<TResult> {
      const headers = new Headers()
      const context = await contextOf(headers)
      try {
        return await work(createCaller(context))
      } finally {
        keepCookies(headers, cookies)
      }
    },
    session: (): Promise<Session | null> => deps.sessions.authenticate(cookies['bangui_session'] ?? ''),
  }
  const contextOf = async (headers: Headers): Promise<Context> => {
    const request: RequestInfo = {
      id: 'test',
      remoteAddress,
      sharedAddress,
      generation: 0,
      throughProxy: false,
      secure: false,
      userAgent: 'a browser',
      cookies: { ...cookies },
    }
    return { deps, session: await visitor.session(), request, headers }
  }
  return visitor
}

function keepCookies(headers: Headers, cookies: Record<string, string>): void {
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Max-Age=0(;|$)/.test(line)) delete cookies[name]
    else cookies[name] = value
  }
}

export const admin = { username: 'Ada', password: 'correct horse battery' }

/** A visitor who has completed the setup. */
export async function createAdmin(deps: Deps, options?: VisitorOptions) {
  const visitor = createVisitor(deps, options)
  const token = await deps.setupToken.ensure()
  await visitor.call((api) => api.setup.complete({ ...admin, token }))
  return visitor
}

/** The `reason` of the error that a call was refused with. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ code: string; reason: unknown; params: unknown; fieldErrors?: unknown }> {
  try {
    await call
  } catch (error) {
    const { code, cause } = error as {
      code: string
      cause?: { code?: unknown; params?: unknown; fieldErrors?: unknown }
    }
    const fieldErrors = cause?.fieldErrors
    return {
      code,
      reason: cause?.code,
      params: cause?.params,
      ...(fieldErrors !== undefined && { fieldErrors }),
    }
  }
  throw new Error('the call was not refused')
}
