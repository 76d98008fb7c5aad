import { expect, test } from 'vitest'
import { clocksIn } from '../../test/clocks-in.ts'
import { withSimulator } from '../../test/with-simulator.ts'
import { unbanAddresses } from '../ban-commands.ts'
import { createConfigReader } from './config-reader.ts'
import { createSavedChanges } from './saved-changes.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { createLoads } from './loads.ts'
import { createBansRestored } from './bans-restored.ts'
import { createSocketGuard } from './socket-guard.ts'
import { sendBatch } from './retry-unknown-outcome.ts'
import { createProofLedger } from './proof-ledger.ts'
import { createStartedJails } from './started-jails.ts'

const addresses = Array.from({ length: 8 }, (_, n) => `192.0.2.${n}`)

/** A simulated fail2ban with bans, which may start again before it gets the first batch, and restore some of them later. */
async function setUp(jail: string | null, version = '1.1.0') {
  const at = await withSimulator({ version })
  for (const address of addresses) at.simulator.ban('sshd', address)
  const context: LocalHostContext = {
    ...at,
    configDir: '/nowhere',
    client: 'fail2ban-client',
    configReader: createConfigReader({ client: 'fail2ban-client', configDir: '/nowhere' }),
    startCommand: null,
    configWrite: 'off',
    logDirs: [],
    changes: createSavedChanges('/nowhere'),
    outside: { noteOwn: () => undefined, look: async () => [] },
    proofs: createProofLedger('/nowhere', Date.now),
    clock: Date.now,
    clocks: clocksIn('UTC0'),
    started: createStartedJails(Date.now),
    loads: createLoads(),
    guard: createSocketGuard({ socketPath: at.socketPath, pidfile: async () => undefined }),
  }
  const restored = createBansRestored(context, 10)
  let sent = 0
  const unban = (around: (send: () => Promise<number>) => Promise<number>) => {
    const write = (batch: readonly string[]) => {
      const send = () => unbanAddresses(at.connection, jail, batch)
      sent += 1
      return sent === 1 ? around(send) : send()
    }
    return sendBatch(context, { jail, addresses, wanted: 'unbanned', restored, write })
  }
  const left = () => at.simulator.listBans('sshd').map(({ address }) => address)
  return {
    ...at,
    restored,
    unban,
    left,
    timesSent: () => sent,
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

test.each([
  ['sshd', '1.1.0'],
  ['sshd', '0.11.1'],
  [null, '1.1.0'],
  [null, '0.11.1'],
])(
  'bans in %s that a fail2ban %s restores after it was told to end them are ended all the same',
  async (jail, version) => {
    await using at = await setUp(jail, version)
    await at.restored.whenRestored(async () => undefined)
    const count = await at.unban(async (send) => {
      for (const address of addresses.slice(5)) at.simulator.unban('sshd', address)
      await at.simulator.restart()
      const ended = await send()
      for (const address of addresses.slice(5)) at.simulator.ban('sshd', address)
      return ended
    })
    expect(count).toBe(8)
    expect(at.left()).toEqual([])
  },
)

test.each(['sshd', null])(
  'a jail that a fail2ban has only a moment later is none that was stopped: %s',
  async (jail) => {
    await using at = await setUp(jail)
    const count = await at.unban(async (send) => {
      at.simulator.removeJail('sshd')
      try {
        return await send()
      } finally {
        at.simulator.addJail({ name: 'sshd' })
        for (const address of addresses) at.simulator.ban('sshd', address)
      }
    })
    expect(count).toBe(8)
    expect(at.left()).toEqual([])
  },
)

test('a jail that was stopped in a running fail2ban is an error', async () => {
  await using at = await setUp('sshd')
  await at.restored.whenRestored(async () => undefined)
  const unbanning = at.unban((send) => {
    at.simulator.removeJail('sshd')
    return send()
  })
  await expect(unbanning).rejects.toMatchObject({
    params: { className: expect.stringMatching(/UnknownJail/) },
  })
  expect(at.timesSent()).toBe(1)
})

test('what is not there in a fail2ban that has all its bans is not asked for again', async () => {
  await using at = await setUp('sshd')
  await at.restored.whenRestored(async () => undefined)
  at.simulator.unban('sshd', '192.0.2.3')
  expect(await at.unban((send) => send())).toBe(7)
  expect(at.timesSent()).toBe(1)
})
