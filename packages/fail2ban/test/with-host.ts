import { join } from 'node:path'
import { vi } from 'vitest'
import type { Fail2banHost } from '../src/host.ts'
import { createSavedChanges } from '../src/host/saved-changes.ts'
import { createLocalHost, type LocalHostOptions } from '../src/host/local-host.ts'
import type { ChangeStore } from '../src/host/saved-change.ts'
import { createDaemonConnection } from '../src/wire/daemon-connection.ts'
import { createPrivateDaemon, type PrivateDaemon, type PrivateDaemonOptions } from '../src/private-daemon.ts'

export interface TestHost extends AsyncDisposable {
  readonly daemon: PrivateDaemon
  readonly host: Fail2banHost
  readonly stateDir: string
  /** what the host keeps in `stateDir` */
  readonly changes: ChangeStore
}

/** A real fail2ban of its own, not started, and the host that looks after it. */
export async function createTestHost(
  options: PrivateDaemonOptions = {
    jails: [{ name: 'app' }, { name: 'web' }, { name: 'spare', enabled: false }],
  },
  overrides: Partial<LocalHostOptions> = {},
): Promise<TestHost> {
  const daemon = await createPrivateDaemon(options)
  const stateDir = join(daemon.folder, 'state')
  const host = createLocalHost({
    socketPath: daemon.socketPath,
    configDir: daemon.configDir,
    client: daemon.clientProgram,
    startCommand: daemon.startCommand,
    configWrite: 'jails',
    stateDir,
    ...overrides,
  })
  const dispose = async () => {
    await host.close()
    await daemon.dispose()
  }
  return { daemon, host, stateDir, changes: createSavedChanges(stateDir), [Symbol.asyncDispose]: dispose }
}

/** Bans an address manually and returns what the daemon then has. */
export async function ban(
  { daemon }: Pick<TestHost, 'daemon'>,
  jail: string,
  address: string,
): Promise<void> {
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  try {
    await connection.request(['set', jail, 'banip', address], { write: true })
    await vi.waitFor(async () => {
      const banned = JSON.stringify(await connection.request(['get', jail, 'banip']))
      if (!banned.includes(address)) throw new Error(`${address} is not banned in ${jail}: ${banned}`)
    })
  } finally {
    await connection.close()
  }
}

/** The names of the jails that run in the daemon. */
export async function runningJails(host: Fail2banHost): Promise<string[]> {
  return (await host.jails.list()).filter((jail) => jail.running).map((jail) => jail.name)
}

/** What a jail bans, as the daemon itself says it. */
export const bannedIn = async ({ daemon }: Pick<TestHost, 'daemon'>, jail: string): Promise<string[]> =>
  String(await daemon.ask('get', jail, 'banip'))
    .split(',')
    .filter(Boolean)
