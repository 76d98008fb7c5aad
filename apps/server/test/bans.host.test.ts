import { createPrivateDaemon } from '@bangui/fail2ban'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { many } from './ban-api.ts'
import { startBangui, wired } from './bangui-process.ts'
import { bannedIn } from './banned-in.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

/** A real daemon with two jails, and BanGUI started on it as often as a test wants. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const options = { ignoreip: '198.51.100.0/24' }
  const jails = [
    { name: 'app', bantime: '1h', options },
    { name: 'web', bantime: '1h', options },
  ]
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  await daemon.start()
  const start = async () => {
    const bangui = stack.use(
      await startBangui({ ...environmentOf(daemon), ...unattended }, { program: wired }),
    )
    const { api } = await signIn(bangui.url)
    await eventually(async () =>
      expect(await api.server.status.query()).toMatchObject({ online: true, responding: true }),
    )
    return { bangui, api }
  }
  const banned = (jail: string) => bannedIn(daemon, jail)
  const running = async () => (await daemon.client('status')).output
  return { daemon, start, banned, running, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** The same for several tests, with BanGUI started once. */
async function setUpOnce() {
  const at = await setUp()
  return { ...at, ...(await at.start()) }
}

describe('manual bans in a real fail2ban', () => {
  let at: Awaited<ReturnType<typeof setUpOnce>>
  beforeAll(async () => {
    at = await setUpOnce()
  })
  afterAll(() => at[Symbol.asyncDispose]())

  it('of a pasted list report their progress, and all of them end together', async () => {
    const { api } = at
    const addresses = many(1_500)
    expect(await api.bans.ban.mutate({ jail: 'app', addresses, operationId: 'long' })).toMatchObject({
      banned: 1_500,
    })
    expect((await api.operations.list.query()).rows).toMatchObject([
      { id: 'long', state: 'done', done: 1_500 },
    ])
    await eventually(async () =>
      expect((await api.bans.counts.query())[0]).toEqual({ jail: 'app', count: 1_500 }),
    )
    expect(await api.bans.unban.mutate({ addresses: [], all: true })).toEqual({ unbanned: 1_500, absent: 0 })
    expect(await at.banned('app')).toEqual([])
    await eventually(async () => expect(await api.bans.counts.query()).toEqual([]))
  })

  it('are there with who made them and why, and end for the one who is first', async () => {
    const { api } = at
    const addresses = ['45.1.1.1', '2A01:0::1', '198.51.100.7', '127.0.0.1', 'x; reboot']
    const result = await api.bans.ban.mutate({ jail: 'app', addresses, reason: 'a scanner' })
    expect(result).toMatchObject({ banned: 2, already: 0, jail: 'app' })
    expect(result.refused.map(({ reason }) => reason)).toEqual(['ignored', 'own_session', 'invalid'])
    expect((await at.banned('app')).toSorted()).toEqual(['2a01::1', '45.1.1.1'])
    const { rows } = await eventually(async () => {
      const page = await api.bans.list.query({ search: '45.0.0.0/8' })
      expect(page.total).toBe(1)
      return page
    })
    expect(rows[0]).toMatchObject({
      address: '45.1.1.1',
      jail: 'app',
      by: { kind: 'user', name: 'admin' },
      reason: 'a scanner',
    })
    const [one, other] = await Promise.all([
      api.bans.unban.mutate({ addresses: ['45.1.1.1'] }),
      api.bans.unban.mutate({ addresses: ['45.1.1.1'], jail: 'app' }),
    ])
    expect(one.unbanned + other.unbanned).toBe(1)
    expect(one.absent + other.absent).toBe(1)
    await eventually(async () => expect((await api.bans.list.query({})).total).toBe(1))
  })

  it('that are longer go to a jail of their own once it is set up', async () => {
    const { api } = at
    const input = { jail: 'app', addresses: ['45.1.1.1'], duration: '-1' }
    await expect(api.bans.ban.mutate(input)).rejects.toMatchObject({
      data: { reason: 'manual_jail_missing' },
    })
    expect(await api.bans.preview.mutate(input)).toMatchObject({ needsManualJail: true, jail: 'bangui' })
    expect(await api.bans.setUpManualJail.mutate()).toMatchObject({ applied: true })
    expect(await api.bans.ban.mutate(input)).toMatchObject({ banned: 1, jail: 'bangui' })
    expect(await at.banned('bangui')).toEqual(['45.1.1.1'])
    await eventually(async () =>
      expect((await api.bans.list.query({ jail: 'bangui' })).rows).toMatchObject([
        { jail: 'bangui', until: null, duration: -1 },
      ]),
    )
    expect(await api.recovery.pending.query()).toBeNull()
  })
})

describe('shorter manual bans', () => {
  it('end at their time, also when BanGUI did not run then', async () => {
    await using at = await setUp()
    const first = await at.start()
    await first.api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.1', '45.2.2.2'], duration: 3 })
    await first.api.bans.ban.mutate({ jail: 'app', addresses: ['45.3.3.3'] })
    await first.bangui.kill('SIGKILL')
    expect(await at.banned('app')).toHaveLength(3)
    const { api } = await at.start()
    await eventually(async () => expect(await at.banned('app')).toEqual(['45.3.3.3']))
    await eventually(async () => expect((await api.bans.list.query({})).total).toBe(1))
    const history = await api.history.list.query({ search: '45.1.1.1' })
    expect(history.rows).toMatchObject([{ active: false, endReason: 'expired', by: { kind: 'user' } }])
  })
})

describe('a daemon that ends in the middle of a long list', () => {
  it('is reported with its progress, and the rest is banned the next time', async () => {
    await using at = await setUp()
    const { api } = await at.start()
    const input = { jail: 'app', addresses: many(4_000), operationId: 'long' }
    const call = api.bans.ban.mutate(input).catch((error: unknown) => error)
    await eventually(async () =>
      expect((await api.operations.list.query()).rows[0]?.done).toBeGreaterThan(50),
    )
    await at.daemon.kill('SIGKILL')
    const told = await call
    expect(told).toMatchObject({ data: { reason: 'ban_interrupted', params: { total: 4_000 } } })
    await at.daemon.start()
    await eventually(async () => {
      const again = await api.bans.ban.mutate({ ...input, operationId: undefined })
      expect(again.banned + again.already).toBe(4_000)
    })
    expect(await at.banned('app')).toHaveLength(4_000)
    await eventually(async () =>
      expect(await api.bans.counts.query()).toEqual([{ jail: 'app', count: 4_000 }]),
    )
  })
})

describe('one jail of a real fail2ban', () => {
  let at: Awaited<ReturnType<typeof setUpOnce>>
  beforeAll(async () => {
    at = await setUpOnce()
  })
  afterAll(() => at[Symbol.asyncDispose]())

  it('stops and starts without being missed', async () => {
    const { api } = at
    await api.jails.stop.mutate({ name: 'web' })
    expect(await at.running()).not.toContain('web')
    expect(await api.recovery.pending.query()).toBeNull()
    await expect(api.bans.ban.mutate({ jail: 'web', addresses: ['45.1.1.1'] })).rejects.toMatchObject({
      data: { reason: 'jail_not_running' },
    })
    await api.jails.start.mutate({ name: 'web' })
    expect(await at.running()).toContain('web')
    expect(await api.jails.reload.mutate({ name: 'web' })).toMatchObject({ applied: true })
  })

  it('takes new settings until its next reload, or for good', async () => {
    const { api } = at
    const tuning = () => api.jails.tuning.query({ name: 'app' })
    await api.jails.update.mutate({ name: 'app', bantime: '2h', maxretry: 7, addIgnored: ['45.1.1.1'] })
    expect(await tuning()).toMatchObject({
      bantime: 7_200,
      maxretry: 7,
      ignored: expect.arrayContaining(['198.51.100.0/24', '45.1.1.1']),
    })
    await api.jails.reload.mutate({ name: 'app' })
    expect(await tuning()).toMatchObject({ bantime: 3_600, maxretry: 3, ignored: ['198.51.100.0/24'] })
    const lists = { addIgnored: ['45.1.1.1'], removeIgnored: ['198.51.100.0/24'] }
    const changed = await api.jails.update.mutate({ name: 'app', bantime: '2h', ...lists, permanent: true })
    expect(changed).toMatchObject({ applied: true, files: [expect.stringMatching(/\.local$/)] })
    await api.jails.reload.mutate({ name: 'app' })
    expect(await tuning()).toMatchObject({ bantime: 7_200, maxretry: 3, ignored: ['45.1.1.1'] })
    await api.jails.setIdle.mutate({ name: 'app', idle: true })
    expect((await at.daemon.client('get', 'app', 'idle')).output).toMatch(/True|1/)
  })
})
