import { join } from 'node:path'
import { findHostByKey, insertHost } from '@bangui/db'
import { createLocalHost, createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import {
  appStateStage,
  archiveStage,
  daemonStage,
  databaseStage,
  executorLockStage,
  geoStage,
  httpStage,
  jobsStage,
  stateStage,
} from '../src/app-stages.ts'
import { loadConfig } from '../src/config.ts'
import { createDeps } from '../src/create-deps.ts'
import { completeUnattended } from '../src/features/setup/setup.service.ts'
import { addLocalHost, localHost } from '../src/hosts/add-local-host.ts'
import { createHostContext } from '../src/hosts/create-host-context.ts'
import { createStages } from '../src/stages.ts'
import { signIn, unattended } from './api-client.ts'
import { environmentOf } from './daemon-environment.ts'
import { testMachine } from './create-test-deps.ts'
import { createTestLog } from './silent-log.ts'

/** A jail of the same name on both hosts, and one that only one of them runs. */
const jailsOf = (own: string) => [
  { name: 'app', bantime: '1h', maxretry: 2 },
  { name: own, bantime: '1h' },
  { name: 'spare', enabled: false },
]

async function openDaemon(stack: AsyncDisposableStack, own: string): Promise<PrivateDaemon> {
  const daemon = stack.use(await createPrivateDaemon({ jails: jailsOf(own) }))
  await daemon.addCrashingJail('bad')
  await daemon.start()
  return daemon
}

interface Daemons {
  readonly local: PrivateDaemon
  readonly web1: PrivateDaemon
}

/** Starts BanGUI in this process for the two daemons, as it was when it ended the last time. */
async function startServer({ local, web1 }: Daemons) {
  await using opened = new AsyncDisposableStack()
  const config = loadConfig({ ...environmentOf(local), ...unattended, BANGUI_PORT: '0' }, testMachine)
  const { log } = createTestLog()
  const basis = { config, log, clock: Date.now }
  const stages = createStages(log)
  opened.defer(() => stages.stop())

  const database = await stages.run(databaseStage(basis))
  const lock = await stages.run(executorLockStage(database, basis))
  await stages.run({ name: 'migrations', start: () => database.migrate() })
  const archive = await stages.run(archiveStage(database))
  const appState = await stages.run(appStateStage(database, { ...basis, demo: false }))
  const geo = await stages.run(geoStage(database, appState, basis))
  const deps = createDeps({ ...basis, database, archive, geo, appState, cutOffBy: null })

  const localState = await stages.run(stateStage(database, appState, { ...basis, ...localHost(config) }))
  await stages.run(daemonStage(deps, addLocalHost(deps, localState)))

  const added =
    (await findHostByKey(database.db, 'web1')) ??
    (await insertHost(database.db, { key: 'web1', name: 'Web 1', kind: 'agent', createdAt: 0 }))
  const state = await stages.run(stateStage(database, appState, { ...basis, ...added }))
  const host = createLocalHost({
    socketPath: web1.socketPath,
    configDir: web1.configDir,
    client: web1.clientProgram,
    startCommand: web1.startCommand,
    configWrite: config.configWrite,
    readOnly: false,
    stateDir: join(config.dataDir, 'host-web1'),
    clock: Date.now,
  })
  const managed = createHostContext(deps, { ...added, host, state })
  deps.hosts.add(managed.context)
  await stages.run(daemonStage(deps, managed))

  await stages.run(jobsStage(deps, lock, () => undefined))
  await completeUnattended(deps)
  const server = await stages.run(httpStage(deps, '/nowhere'))
  const { api, cookie } = await signIn(server.url)
  const stack = opened.move()
  return { api, cookie, url: server.url, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** One BanGUI in this process that looks after two real daemons: those of the hosts `local` and `web1`. */
export async function startTwoHosts() {
  await using opened = new AsyncDisposableStack()
  const local = await openDaemon(opened, 'only-local')
  const web1 = await openDaemon(opened, 'only-web1')
  let server = await startServer({ local, web1 })
  opened.defer(() => server[Symbol.asyncDispose]())
  const stack = opened.move()
  return {
    ...server,
    local,
    web1,
    /** Ends BanGUI and starts it again. Returns the API of the new one. */
    async restart() {
      await server[Symbol.asyncDispose]()
      server = await startServer({ local, web1 })
      return server.api
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
