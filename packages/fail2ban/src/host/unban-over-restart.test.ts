import { resultOf } from '@bangui/async'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { banMany } from '../../test/ban-many.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { listBanned } from '../ban-commands.ts'
import type { HostError } from '../host-error.ts'
import type { BatchStep } from '../models/ban-models.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { createBansRestored } from './bans-restored.ts'

const addresses = Array.from({ length: 120 }, (_, n) => `192.0.2.${n}`)

/** A real fail2ban with bans that take a moment each, to end and to restore. */
async function setUp() {
  const at = await createTestHost({ jails: [{ name: 'app', bantime: '1h', options: { action: 'slow' } }] })
  const action = '[Definition]\nactionban = true\nactionunban = true\n'
  await writeFile(join(at.daemon.configDir, 'action.d', 'slow.conf'), action)
  await at.daemon.start()
  await banMany(at.host, 'app', { addresses })
  return at
}

/** What is in force when fail2ban has restored what it restores. */
async function listLeft({ daemon }: TestHost): Promise<readonly string[]> {
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  try {
    return await createBansRestored({ ...daemon, connection }).whenRestored(
      () => listBanned(connection, 'app'),
      10_000,
    )
  } finally {
    await connection.close()
  }
}

interface Case {
  readonly how: string
  readonly jail: string | null
  readonly wanted: readonly string[]
  readonly end: (at: TestHost) => Promise<unknown>
}

const restart = ({ daemon }: TestHost) => daemon.client('restart')
const crash = async ({ daemon }: TestHost) => {
  await daemon.kill('SIGKILL')
  await daemon.start()
}

const cases: readonly Case[] = [
  { how: 'in a jail, over a restart', jail: 'app', wanted: addresses, end: restart },
  { how: 'in all jails, over a crash', jail: null, wanted: addresses, end: crash },
  { how: 'of a network, over a restart', jail: null, wanted: ['192.0.2.0/24'], end: restart },
]

test.each(cases)(
  'an unban $how of fail2ban, leaves no ban, or says that it did not end',
  async ({ end, jail, wanted }) => {
    await using at = await setUp()
    let ending: Promise<unknown> | undefined
    const abort = new AbortController()
    const begin = () => void (ending ??= end(at))
    // a network tells only at its end how far it is
    const timer = wanted.length === 1 ? watchBans(at, abort.signal).then(begin) : undefined
    const onStep = ({ done }: BatchStep) => void (done > 30 && begin())
    const told = await resultOf(at.host.bans.unban(jail, wanted), onStep).then(
      () => 'done',
      (error: HostError) => error.code,
    )
    abort.abort()
    await timer
    await ending
    const left = await listLeft(at)
    expect(ending).toBeDefined()
    expect([told, left.length]).toEqual(told === 'done' ? ['done', 0] : ['daemon_unavailable', left.length])
  },
)

/** Until some of the bans have ended. */
async function watchBans({ host }: TestHost, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (new Map(await host.bans.count()).get('app') ?? 0) > 100);
}
