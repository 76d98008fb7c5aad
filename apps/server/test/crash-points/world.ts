import { createSimulator, privatePaths, writeConfig } from '@bangui/fail2ban'
import { listDueTimers } from '@bangui/db'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { hostDepsOf } from '../../src/deps.ts'
import { createOperationStore } from '../../src/features/operations/operation-store.ts'
import { createOperations } from '../../src/features/operations/operations.ts'
import { createCaller } from '../../src/router.ts'
import { asRole } from '../as-role.ts'
import { testMachine } from '../create-test-deps.ts'
import { eventually } from '../eventually.ts'
import { withHost } from '../one-host.ts'
import { createTestLog } from '../silent-log.ts'
import type { Crash } from './crash.ts'

export const JAIL = 'sshd'
const BANTIME_SECONDS = 3_600

/** A simulated fail2ban and the data folder of a BanGUI on it. */
export async function createWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-crash-'))
  const paths = privatePaths(folder)
  const jails = [{ name: JAIL, bantime: BANTIME_SECONDS, maxretry: 3 }]
  await writeConfig(paths, jails)
  const simulator = await createSimulator({ socketPath: paths.socketPath, jails, logFile: paths.logfile })
  const config = loadConfig(
    {
      BANGUI_DATA_DIR: join(folder, 'data'),
      BANGUI_FAIL2BAN_SOCKET: paths.socketPath,
      BANGUI_FAIL2BAN_CONFIG_DIR: paths.configDir,
      BANGUI_FAIL2BAN_START_COMMAND: '["false"]',
      BANGUI_PORT: '0',
    },
    testMachine,
  )

  /** Starts BanGUI, and waits until it follows fail2ban's log. */
  const start = async () => {
    const { log, lines } = createTestLog()
    const app = await startApp({ config, demo: false, webDir: folder, log })
    const [host] = app.deps.hosts.list()
    if (!host) throw new Error('there is no host')
    const deps = hostDepsOf(app.deps, host)
    await eventually(() => {
      expect(deps.state.get().serverStatus).toMatchObject({ online: true })
      expect(deps.state.get().watching.events.state).toBe('following')
    })
    /** The procedures as somebody calls them, with a crash at one of the calls that they make. */
    const as = (name: string, crash?: Crash) => {
      const context = asRole(crash ? crashing(deps, crash) : deps, 'operator')
      const { session } = context
      return createCaller({ ...context, session: session && { ...session, userName: name } })
    }
    const listActive = async () =>
      (await deps.archive.listActive({ filter: {}, sort: 'address', cursor: null, offset: 0, limit: 500 }))
        .rows
    /** The timers that end a ban: of a pending one the daemon is asked first whether there is a ban. */
    const listTimers = async () => {
      const timers = await listDueTimers(deps.hostDb, Number.MAX_SAFE_INTEGER, 1_000)
      return timers.filter(({ state }) => state === 'armed')
    }
    return { app, deps, as, lines, listActive, listTimers, stop: () => app.stop() }
  }

  return {
    simulator,
    start,
    async [Symbol.asyncDispose]() {
      await simulator[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Deps = ReturnType<typeof hostDepsOf>

/** Returns dependencies whose host, pending rows, timers and record of operations crash. */
function crashing(deps: Deps, crash: Crash): Deps {
  const { host, hostDb, archive, clock, log } = deps
  const db = crash.aroundStatements(hostDb.db)
  return withHost(deps, {
    database: { ...deps.database, db },
    host: {
      ...host,
      bans: crash.around('host.bans', host.bans),
      jails: crash.around('host.jails', host.jails),
      daemon: crash.around('host.daemon', host.daemon),
    },
    archive: crash.around('archive', archive),
    hostDb: { ...hostDb, db },
    operations: createOperations({ clock, log, records: createOperationStore(db) }),
  })
}
