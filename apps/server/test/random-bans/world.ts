import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rwLock, type RwLock } from '@bangui/async'
import {
  createDaemonConnection,
  createPrivateDaemon,
  type DaemonConnection,
  type PrivateDaemon,
} from '@bangui/fail2ban'
import { MANUAL_JAIL } from '@bangui/shared'
import type { TestedFail2ban } from '@bangui/fail2ban/testing'
import { expect } from 'vitest'
import { signIn, unattended, watchLive, type ApiClient } from '../api-client.ts'
import { startBangui } from '../bangui-process.ts'
import { environmentOf } from '../daemon-environment.ts'
import { eventually } from '../eventually.ts'
import { latestRuntime } from '../latest-runtime.ts'
import { createZones, type Zones } from './zones.ts'

/** A real fail2ban with several jails, BanGUI on it, and a connection to fail2ban that BanGUI knows nothing of. */
export interface World extends AsyncDisposable {
  readonly daemon: PrivateDaemon
  readonly connection: DaemonConnection
  readonly api: ApiClient['api']
  /** but for the one for manual bans, which has the addresses of all of them */
  readonly jails: readonly string[]
  readonly zones: Zones
  /** steps read, restarts of the daemon write: no step runs while the daemon restarts */
  readonly lock: RwLock
  /** Starts the daemon, in the zone that it has now. */
  startDaemon(): Promise<void>
}

/** What the configuration has for every jail. `bantime` in seconds; `maxretry` failures ban. */
export const configured = { bantime: 600, maxretry: 2 } as const

const execute = promisify(execFile)

/** Starts a fail2ban with so many jails and BanGUI on it. */
export async function createWorld(jailCount: number, fail2ban: TestedFail2ban): Promise<World> {
  await using started = new AsyncDisposableStack()
  const jails = Array.from({ length: jailCount }, (_, index) => `jail${index}`)
  const daemon = started.use(
    await createPrivateDaemon({
      ...fail2ban,
      jails: [...jails.map((name) => ({ name, ...configured })), { name: MANUAL_JAIL, bantime: -1 }],
    }),
  )
  const zones = createZones(join(daemon.folder, 'zone'), () => daemon.pid())
  const startCommand = await writeStartCommand(daemon, zones)
  const startDaemon = async () => {
    await execute(startCommand[0], startCommand.slice(1))
    await zones.started()
  }
  await zones.choose('UTC')
  await startDaemon()
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  started.defer(() => connection.close())
  const environment = { BANGUI_FAIL2BAN_START_COMMAND: JSON.stringify(startCommand) }
  const bangui = started.use(await startBangui({ ...environmentOf(daemon), ...unattended, ...environment }))
  const { api } = await signIn(bangui.url)
  const live = started.use(watchLive(api))
  await eventually(() =>
    expect(latestRuntime(live)).toMatchObject({
      serverStatus: { online: true, responding: true },
      watching: { events: { state: 'following' } },
    }),
  )
  const stack = started.move()
  return {
    daemon,
    connection,
    api,
    jails,
    zones,
    lock: rwLock(),
    startDaemon,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Writes a program that starts the daemon in the zone that it is to have, also after a kill, and returns its call. */
async function writeStartCommand(
  { folder, startCommand }: PrivateDaemon,
  zones: Zones,
): Promise<[string, ...string[]]> {
  const program = join(folder, 'start')
  const call = [...startCommand.slice(0, -1), '-x', 'start'].map((part) => `'${part}'`).join(' ')
  await writeFile(program, `#!/bin/sh\nTZ=$(cat '${zones.file}') exec ${call}\n`, { mode: 0o700 })
  return [program]
}
