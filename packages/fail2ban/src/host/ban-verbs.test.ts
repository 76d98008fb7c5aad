import { resultOf } from '@bangui/async'
import { expect, test, vi } from 'vitest'
import { banMany } from '../../test/ban-many.ts'
import { createTestHost } from '../../test/with-host.ts'
import { withSimulator } from '../../test/with-simulator.ts'
import type { BatchStep } from '../models/ban-models.ts'
import type { Fail2banHost } from '../host.ts'
import { createWireHost } from '../testing/wire-host.ts'
import { createLocalHost } from './local-host.ts'

const many = (count: number) => Array.from({ length: count }, (_, n) => `10.9.${n >> 8}.${n & 255}`)

/** Calls `work` with how many addresses are done, each time that more are. */
function whenDone(work: (done: number) => void) {
  let last = 0
  return ({ done }: BatchStep) => {
    if (done > last) work((last = done))
  }
}

async function withSimulatedHost(version = '1.1.0') {
  const at = await withSimulator({ version })
  const host = createLocalHost({
    socketPath: at.socketPath,
    configDir: '/nowhere',
    client: 'fail2ban-client',
    configWrite: 'off',
    stateDir: '/nowhere',
    connection: at.connection,
  })
  return { ...at, host, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
}

test('addresses are banned in a real fail2ban, counted, listed with their ends, and unbanned', async () => {
  await using at = await createTestHost({
    jails: [
      { name: 'app', bantime: '1h' },
      { name: 'web', bantime: -1 },
    ],
  })
  await at.daemon.start()
  const before = Math.floor(Date.now() / 1000) * 1000
  expect(await at.host.bans.ban('app', ['192.0.2.1', '2001:db8::1'])).toMatchObject({
    before: [false, false],
    banned: 2,
  })
  expect(await at.host.bans.ban('app', ['198.51.100.0/24', '192.0.2.1'])).toMatchObject({
    before: [false, true],
    banned: 1,
  })
  await at.host.bans.ban('web', ['192.0.2.1'])
  expect(await at.host.bans.count()).toEqual([
    ['app', 3],
    ['web', 1],
  ])
  const bans = await at.host.bans.list('app')
  expect(bans.map(({ address }) => address).sort()).toEqual(['192.0.2.1', '198.51.100.0/24', '2001:db8::1'])
  for (const { bannedAt, duration, until } of bans) {
    expect(bannedAt).toBeGreaterThanOrEqual(before)
    expect(bannedAt).toBeLessThanOrEqual(Date.now())
    expect(until).toBe(bannedAt + 3_600_000)
    expect(duration).toBe(3600)
  }
  expect(await at.host.bans.list('web')).toMatchObject([{ duration: -1, until: null }])
  expect(await resultOf(at.host.bans.unban(null, ['192.0.2.1', '192.0.2.9']))).toEqual({
    unbanned: 2,
    absent: 1,
    done: 2,
  })
  expect(await resultOf(at.host.bans.unban('app', ['2001:db8::1', '2001:db8::2']))).toEqual({
    unbanned: 1,
    absent: 1,
    done: 2,
  })
})

test('a network ends the bans of all that it holds, itself included', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.host.bans.ban('app', ['192.0.2.1', '192.0.2.0/24', '192.0.2.128/25', '192.0.3.1', '192.0.0.0/16'])
  await at.host.bans.ban('web', ['192.0.2.2'])
  expect(await resultOf(at.host.bans.unban(null, ['192.0.2.0/24', '203.0.113.0/24']))).toEqual({
    unbanned: 4,
    absent: 1,
    done: 2,
  })
  const left = (await at.host.bans.list('app')).map(({ address }) => address)
  expect(left.sort()).toEqual(['192.0.0.0/16', '192.0.3.1'])
})

test('nothing but canonical addresses ever reaches the daemon', async () => {
  await using at = await withSimulatedHost()
  for (const text of [
    '01.2.3.4',
    '1.2.3.4 ',
    '-x',
    '--all',
    'host.invalid',
    '2001:DB8::1',
    '10.0.0.1/8',
    '::ffff:1.2.3.4',
    '',
  ]) {
    await expect(at.host.bans.ban('sshd', ['192.0.2.1', text])).rejects.toThrow(/canonical/)
  }
  for (const text of ['2001:DB8::1', '10.0.0.1/8', '::ffff:1.2.3.4']) {
    await expect(resultOf(at.host.bans.unban('sshd', [text]))).rejects.toThrow(/canonical/)
    await expect(resultOf(at.host.bans.unban(null, [text]))).rejects.toThrow(/canonical/)
  }
  for (const text of ['01.2.3.4', '1.2.3.4 ', '-x', '--all', 'host.invalid', '']) {
    expect(await resultOf(at.host.bans.unban('sshd', [text]))).toEqual({ unbanned: 0, absent: 1, done: 1 })
    expect(await resultOf(at.host.bans.unban(null, [text]))).toEqual({ unbanned: 0, absent: 1, done: 1 })
  }
  for (const jail of ['--all', 'a b', 'nosuch', '']) {
    await expect(at.host.bans.ban(jail, ['192.0.2.1'])).rejects.toMatchObject({
      name: 'JailUnknownError',
    })
    await expect(at.host.bans.list(jail)).rejects.toMatchObject({ name: 'JailUnknownError' })
  }
  expect(at.simulator.commandCounts.get('unban')).toBeUndefined()
  expect(at.simulator.listBans('sshd')).toEqual([])
})

test('other requests are answered between the batches of a long ban, which reports its progress', async () => {
  await using at = await withSimulatedHost()
  const steps: number[] = []
  const banning = banMany(at.host, 'sshd', { addresses: many(1000), onDone: (done) => steps.push(done) })
  const probe = await at.host.daemon.probe()
  expect(probe.ok && probe.currentlyBanned).toBeLessThan(1000)
  expect(await banning).toEqual({ banned: 1000, already: 0, done: 1000 })
  expect(steps.length).toBeGreaterThanOrEqual(20)
  expect(steps.at(-1)).toBe(1000)
})

test('a batch has at most 50 addresses, each once', async () => {
  await using at = await withSimulatedHost()
  for (const addresses of [many(51), ['192.0.2.1', '192.0.2.1']])
    await expect(at.host.bans.ban('sshd', addresses)).rejects.toThrow(/at most 50 addresses, each once/)
  expect(await at.host.bans.ban('sshd', many(50))).toMatchObject({ banned: 50 })
})

test.each(['1.1.0', '0.11.1'])('what was banned before is named by fail2ban %s', async (version) => {
  await using at = await withSimulatedHost(version)
  at.simulator.ban('sshd', '10.9.0.1')
  expect(await at.host.bans.ban('sshd', many(3))).toMatchObject({ before: [false, true, false], banned: 2 })
  expect(await at.host.bans.ban('sshd', many(3))).toMatchObject({ before: [true, true, true], banned: 0 })
})

test('addresses that are known to be new are banned without a look-up', async () => {
  await using at = await withSimulatedHost()
  const lookUps = () => at.simulator.commandCounts.get('get') ?? 0
  const before = lookUps()
  expect(await at.host.bans.ban('sshd', many(3), { areNew: true })).toMatchObject({ banned: 3 })
  expect(lookUps()).toBe(before)
})

test('a long unban ends between two batches when it is given up', async () => {
  await using at = await withSimulatedHost()
  await banMany(at.host, 'sshd', { addresses: many(1000) })
  const abort = new AbortController()
  const onProgress = (done: number) => done >= 100 && abort.abort()
  const result = await resultOf(
    at.host.bans.unban('sshd', many(1000), { signal: abort.signal }),
    whenDone(onProgress),
  )
  expect(result.done).toBeLessThan(200)
  expect(at.simulator.listBans('sshd')).toHaveLength(1000 - result.done)
  expect(await resultOf(at.host.bans.unban('sshd', many(5), { signal: abort.signal }))).toEqual({
    unbanned: 0,
    absent: 0,
    done: 0,
  })
})

test('a long unban ends between two batches when its reader leaves, over a wire as well', async () => {
  for (const wrap of [(host: Fail2banHost) => host, createWireHost]) {
    await using at = await withSimulatedHost()
    for (const address of many(2000)) at.simulator.ban('sshd', address)
    for (const address of many(1500)) at.simulator.ban('web', address)
    for await (const item of wrap(at.host).bans.unban('sshd', many(2000)))
      if ('result' in item || item.step.done >= 100) break
    // another list takes turns with one that goes on
    await resultOf(at.host.bans.unban('web', many(1500)))
    expect(at.simulator.listBans('sshd').length).toBeGreaterThan(1500)
  }
})

test.each(['1.1.0', '0.11.1'])(
  'a ban whose answer is lost is looked up in fail2ban %s, not sent again',
  async (version) => {
    await using at = await withSimulatedHost(version)
    at.simulator.setFault({ kind: 'cut' })
    const banning = at.host.bans.ban('sshd', many(5))
    await vi.waitFor(() => expect(at.simulator.commandCounts.get('set')).toBe(1))
    at.simulator.setFault(null)
    expect(await banning).toMatchObject({ banned: 5, before: many(5).map(() => false) })
    expect(at.simulator.commandCounts.get('set')).toBe(1)
  },
)

test('what a daemon that starts again in the middle did not get is sent once more', async () => {
  await using at = await withSimulatedHost()
  at.simulator.setFault({ kind: 'garbage' })
  const banning = resultOf(at.host.bans.unban('sshd', many(5)))
  await vi.waitFor(() => expect(at.simulator.commandCounts.get('set')).toBe(1))
  at.simulator.ban('sshd', '10.9.0.1')
  await at.simulator.restart()
  expect(await banning).toMatchObject({ done: 5, unbanned: 5 })
  expect(at.simulator.listBans('sshd')).toEqual([])
})

test('a daemon that goes offline in the middle of a long ban is an error', async () => {
  await using at = await withSimulatedHost()
  let far = 0
  const onProgress = (done: number) => {
    far = done
    if (done > 50) void at.simulator.kill()
  }
  const banning = banMany(at.host, 'sshd', { addresses: many(2000), onDone: onProgress })
  await expect(banning).rejects.toMatchObject({ code: 'daemon_unavailable' })
  expect(far).toBeGreaterThan(50)
})

test('a daemon that restarts in the middle of a bulk ban ends up with all of it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  let restarting: Promise<unknown> | undefined
  const onProgress = (done: number) => {
    if (done > 100) restarting ??= resultOf(at.host.daemon.restart())
  }
  const result = await banMany(at.host, 'app', { addresses: many(600), onDone: onProgress })
  await restarting
  expect(result.done).toBe(600)
  await vi.waitFor(
    async () =>
      expect(await at.host.bans.count()).toEqual([
        ['app', 600],
        ['web', 0],
      ]),
    10_000,
  )
})

test('what a jail ignores is listed in canonical form', async () => {
  await using at = await createTestHost({
    jails: [{ name: 'app', options: { ignoreip: '127.0.0.1/8 ::1 2001:DB8:0::/32' } }],
  })
  await at.daemon.start()
  expect([...(await at.host.jails.listIgnored('app'))].sort()).toEqual([
    '127.0.0.0/8',
    '2001:db8::/32',
    '::1',
  ])
})

test('the simulator ignores and tunes as fail2ban does', async () => {
  await using at = await withSimulatedHost()
  await at.host.jails.tune('sshd', { maxretry: 2, addIgnored: ['10.0.0.0/8', '192.0.2.7'] })
  await at.host.jails.tune('sshd', { removeIgnored: ['192.0.2.7', '192.0.2.8'] })
  expect(await at.host.jails.listIgnored('sshd')).toEqual(['10.0.0.0/8'])
  expect(await at.host.jails.getTuning('sshd')).toMatchObject({ maxretry: 2 })
  expect(await at.host.history.databaseStatus()).toMatchObject({ state: 'off' })
  await at.host.close()
})

test('a jail that stops in the middle of a long ban is an error, after its progress', async () => {
  await using at = await withSimulatedHost()
  let far = 0
  const onProgress = (done: number) => {
    far = done
    at.simulator.removeJail('sshd')
  }
  const banning = banMany(at.host, 'sshd', { addresses: many(500), onDone: onProgress })
  await expect(banning).rejects.toMatchObject({ name: 'JailUnknownError', params: { jailName: 'sshd' } })
  expect(far).toBeGreaterThan(0)
  expect(await at.host.bans.count()).toEqual([['web', 0]])
})

test('two long bans get on side by side', async () => {
  await using at = await withSimulatedHost()
  at.simulator.setFault({ kind: 'slow', milliseconds: 25 })
  const order: string[] = []
  const onProgress = (jail: string) => () => void order.push(jail)
  await Promise.all([
    banMany(at.host, 'sshd', { addresses: many(300), onDone: onProgress('sshd') }),
    banMany(at.host, 'web', { addresses: many(300), onDone: onProgress('web') }),
  ])
  // one batch of each, then two
  expect(order.slice(0, 6).toSorted()).toEqual(['sshd', 'sshd', 'sshd', 'web', 'web', 'web'])
})

test('a network of length 0 never gets to fail2ban, which would take it for one address', async () => {
  await using at = await withSimulatedHost()
  for (const text of ['0.0.0.0/0', '::/0']) {
    await expect(at.host.bans.ban('sshd', ['192.0.2.1', text])).rejects.toThrow(/length 0/)
    await expect(at.host.jails.tune('sshd', { addIgnored: [text] })).rejects.toThrow(/length 0/)
  }
  expect(new Map(await at.host.bans.count()).get('sshd')).toBe(0)
  expect(await at.host.jails.listIgnored('sshd')).toEqual([])
})

test('a daemon that is slow to answer whatever it is asked gets batches as large as one that is not', async () => {
  await using at = await withSimulatedHost()
  at.simulator.setFault({ kind: 'slow', milliseconds: 60 })
  const sizes: number[] = []
  const bans: Fail2banHost['bans'] = {
    ...at.host.bans,
    ban: (jail, addresses) => {
      sizes.push(addresses.length)
      return at.host.bans.ban(jail, addresses)
    },
  }
  expect(await banMany({ bans }, 'sshd', { addresses: many(220) })).toMatchObject({ banned: 220 })
  // 10, 20, 40, 50 and so on, with some room for a busy machine
  expect(sizes.length).toBeLessThan(12)
})
