import { HostError } from '@bangui/fail2ban'
import { BanPreview, BanResult } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { ban } from '../../../test/ban-daemon.ts'
import { refusalOf } from '../../../test/create-test-deps.ts'
import { jail } from '../../../test/fake-host.ts'
import { timedUnbans } from '../../jobs/timed-unbans.ts'

describe('bans.ban', () => {
  it('bans each address once, in its canonical form, and says what it refused and why', async () => {
    await using at = await createBanApi()
    at.banned['sshd']?.add('45.1.1.1')
    const addresses = [
      '45.1.1.1',
      '45.2.2.2',
      ' 45.2.2.2',
      '::ffff:45.2.2.2',
      '2A01::1',
      'nonsense',
      '10.0.0.1',
    ]
    const result = await at.api.ban({ jail: 'sshd', addresses, reason: ' scanner ' })
    expect(BanResult.parse(result)).toEqual({
      banned: 2,
      already: 1,
      jail: 'sshd',
      refused: [
        { address: 'nonsense', reason: 'invalid', message: expect.stringMatching(/\.$/) },
        { address: '10.0.0.1', reason: 'private', message: expect.stringMatching(/\.$/) },
      ],
    })
    expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.1.1.1', '45.2.2.2', '2a01::1'])
    expect(at.pendingActions.map(({ address }) => address)).toEqual(['45.2.2.2', '2a01::1'])
    expect(at.pendingActions[0]).toEqual({
      kind: 'ban',
      jail: 'sshd',
      address: '45.2.2.2',
      by: { kind: 'user', name: 'Ada' },
      reason: 'scanner',
      operation: expect.any(String),
      duration: null,
      until: null,
      at: 1_000_000,
    })
    expect(await at.timers()).toEqual([])
  })

  it('asks the daemon nothing where everything is refused', async () => {
    await using at = await createBanApi()
    const result = await at.api.ban({
      jail: 'sshd',
      addresses: ['203.0.113.50', '127.0.0.1', '198.51.100.9'],
    })
    expect(result.refused.map(({ reason }) => reason)).toEqual(['own_session', 'loopback', 'ignored'])
    expect([at.calls, at.pendingActions]).toEqual([[], []])
  })

  it('bans what was refused when somebody insists, but not what cannot be banned', async () => {
    await using at = await createBanApi()
    const addresses = ['203.0.113.50', '127.0.0.1', '198.51.100.9', '0.0.0.0/0', 'nonsense']
    const result = await at.api.ban({ jail: 'sshd', addresses, force: true })
    expect(result).toMatchObject({
      banned: 3,
      refused: [
        { address: '0.0.0.0/0', reason: 'whole_family' },
        { address: 'nonsense', reason: 'invalid' },
      ],
    })
  })

  it('records who bans before it happens', async () => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = () => {
      expect(at.pendingActions).toHaveLength(1)
      expect(at.state.get().serverStatus.activity).toBe('banning')
    }
    await at.api.ban({ jail: 'sshd', addresses: ['45.1.1.1'] })
    expect(at.calls).toEqual(['ban sshd 1'])
    expect(at.state.get().serverStatus.activity).toBeNull()
  })

  it.each(['abc', '__import__("os")', '0', 0, '1e9', '200y', '-2', '1 fortnight'])(
    'refuses the duration %j, and nothing is banned',
    async (duration) => {
      await using at = await createBanApi()
      const call = at.api.ban({ jail: 'sshd', addresses: ['45.1.1.1'], duration })
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', reason: 'duration_invalid' })
      expect(at.calls).toEqual([])
    },
  )

  it('names a jail that does not run, and one that there is none of', async () => {
    await using at = await createBanApi()
    at.host.listed = [jail('sshd'), jail('web', { running: false })]
    for (const [name, code, reason] of [
      ['web', 'CONFLICT', 'jail_not_running'],
      ['nothing', 'NOT_FOUND', 'jail_unknown'],
    ] as const) {
      const call = at.api.ban({ jail: name, addresses: ['45.1.1.1'] })
      expect(await refusalOf(call)).toEqual({ code, reason, params: { name } })
    }
  })

  it('has bans compared with the daemon where the log is not followed, and only there', async () => {
    await using at = await createBanApi()
    const reconcile = vi.fn(async () => undefined)
    const caller = at.as('operator', { reconcile })
    await at.follow('following')
    await caller.ban({ jail: 'sshd', addresses: ['45.1.1.1'] })
    expect(reconcile).not.toHaveBeenCalled()
    await at.follow('missing')
    await caller.unban({ addresses: ['45.1.1.1'] })
    expect(reconcile).toHaveBeenCalledOnce()
  })
})

describe('a ban with a time of its own', () => {
  it.each([
    { bantime: 600, duration: 60, jail: 'sshd', ended: 60 },
    { bantime: 600, duration: '1m', jail: 'sshd', ended: 60 },
    { bantime: 600, duration: '10m', jail: 'sshd', ended: null },
    { bantime: -1, duration: '1d', jail: 'sshd', ended: 86_400 },
    { bantime: -1, duration: -1, jail: 'sshd', ended: null },
    { bantime: 600, duration: '1h', jail: 'bangui', ended: 3_600 },
    { bantime: 600, duration: -1, jail: 'bangui', ended: null },
  ])('of $duration where the jail has $bantime goes to $jail', async (course) => {
    await using at = await createBanApi()
    at.tuning['sshd'] = { bantime: course.bantime }
    at.tuning['bangui'] = { bantime: -1 }
    const input = { jail: 'sshd', addresses: ['45.1.1.1'], duration: course.duration }
    expect(await at.api.preview(input)).toMatchObject({
      jail: course.jail,
      endedByBangui: course.ended !== null,
      needsManualJail: false,
    })
    expect(await at.api.ban(input)).toMatchObject({ banned: 1, jail: course.jail })
    const until = course.ended === null ? null : 1_000_000 + course.ended * 1000
    expect(at.pendingActions).toMatchObject([{ jail: course.jail, duration: course.ended }])
    const timer = { jail: course.jail, address: '45.1.1.1', endsAt: until, setAt: 1_000_000, state: 'armed' }
    expect(await at.timers()).toMatchObject(until === null ? [] : [timer])
  })

  it.each([
    { duration: -1, manual: undefined },
    { duration: '1h', manual: undefined },
    { duration: '2h', manual: 3_600 },
  ])('is refused where no jail takes it: %j', async ({ duration, manual }) => {
    await using at = await createBanApi()
    if (manual !== undefined) at.tuning['bangui'] = { bantime: manual }
    const input = { jail: 'sshd', addresses: ['45.1.1.1'], duration }
    expect(await at.api.preview(input)).toMatchObject({ jail: 'bangui', needsManualJail: true, wouldBan: 1 })
    expect(await refusalOf(at.api.ban(input))).toEqual({
      code: 'PRECONDITION_FAILED',
      reason: 'manual_jail_missing',
      params: { jail: 'sshd' },
    })
    expect(at.calls).toEqual([])
  })

  it('shortens no ban that fail2ban made, and takes the latest word of people', async () => {
    await using at = await createBanApi()
    at.active.push(ban('45.1.1.1'), ban('45.2.2.2', { by: { kind: 'user', name: 'Ben' } }))
    for (const { address } of at.active) at.banned['sshd']?.add(address)
    const addresses = ['45.1.1.1', '45.2.2.2', '45.3.3.3']
    const input = { jail: 'sshd', addresses, duration: 60 }
    expect(await at.api.preview(input)).toMatchObject({ already: 2, keepsEnd: 1 })
    expect(await at.api.preview({ ...input, duration: undefined })).not.toHaveProperty('keepsEnd')
    expect(await at.api.ban(input)).toMatchObject({ already: 2, keepsEnd: 1 })
    expect((await at.timers()).map(({ address }) => address)).toEqual(['45.2.2.2', '45.3.3.3'])
    await at.api.ban({ jail: 'sshd', addresses: ['45.2.2.2'] })
    expect((await at.timers()).map(({ address }) => address)).toEqual(['45.3.3.3'])
  })
})

describe('bans.preview', () => {
  it('says what the same ban would do and touches nothing', async () => {
    await using at = await createBanApi()
    at.active.push(ban('45.1.1.1'), ban('45.2.2.2', { jail: 'web' }))
    const addresses = ['45.1.1.1', '45.2.2.2', '45.3.3.3/33', '192.168.1.1']
    const preview = await at.api.preview({ jail: 'sshd', addresses })
    expect(BanPreview.parse(preview)).toMatchObject({
      jail: 'sshd',
      duration: 600,
      already: 1,
      wouldBan: 1,
      addresses: ['45.2.2.2'],
      refused: [{ reason: 'invalid' }, { reason: 'private' }],
    })
    expect([at.calls, at.pendingActions, await at.timers()]).toEqual([[], [], []])
  })

  it('returns the first 500 of many', async () => {
    await using at = await createBanApi()
    const preview = await at.api.preview({ jail: 'sshd', addresses: many(5_000) })
    expect(preview.wouldBan).toBe(5_000)
    expect(preview.addresses).toHaveLength(500)
  })
})

describe('a long list', () => {
  it('reports its progress under the id of the request', async () => {
    await using at = await createBanApi()
    const seen: unknown[] = []
    at.hooks.beforeBatch = () => void seen.push(at.deps.operations.list()[0]?.done)
    const result = await at.api.ban({ jail: 'sshd', addresses: many(2_500), operationId: 'mine' })
    expect(result).toMatchObject({ banned: 2_500, refused: [] })
    expect(seen).toContain(1_990)
    expect(at.calls).toEqual(Array<string>(250).fill('ban sshd 10'))
    expect(at.deps.operations.list()).toMatchObject([
      {
        id: 'mine',
        kind: 'ban',
        title: 'Banning 2,500 addresses in sshd',
        done: 2_500,
        total: 2_500,
        state: 'done',
      },
    ])
  })

  it('can be cancelled: addresses that were not reached are returned, and have no timer', async () => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = (done) => {
      if (done === 20) at.deps.operations.cancel('mine')
    }
    const input = { jail: 'sshd', addresses: many(1_200), duration: 60, operationId: 'mine' }
    const result = await at.api.ban(input)
    expect(result.banned).toBe(30)
    expect(result.refused).toHaveLength(1_170)
    expect(result.refused[0]).toMatchObject({ address: '45.0.0.30', reason: 'cancelled' })
    expect(await at.timers()).toHaveLength(30)
    expect(at.deps.operations.list()).toMatchObject([{ state: 'cancelled' }])
  })

  it('can be cancelled: what was not begun ends when it was to end before', async () => {
    await using at = await createBanApi()
    const addresses = many(1_200)
    await at.api.ban({ jail: 'sshd', addresses: addresses.slice(300, 301), duration: 60 })
    at.hooks.beforeBatch = (done) => {
      if (done === 20) at.deps.operations.cancel('mine')
    }
    expect(await at.api.ban({ jail: 'sshd', addresses, operationId: 'mine' })).toMatchObject({ banned: 30 })
    expect(await at.timers()).toMatchObject([{ address: addresses[300] }])
  })

  it('is recorded no longer before than it is remembered, also where each ban takes a quarter of a second', async () => {
    await using at = await createBanApi()
    const bannedAt = new Map<string, number>()
    at.hooks.beforeBatch = () => {
      for (const address of at.banned['sshd'] ?? [])
        if (!bannedAt.has(address)) bannedAt.set(address, at.time.now)
      at.time.now += 2_500
    }
    await at.api.ban({ jail: 'sshd', addresses: many(1_200) })
    const waits = at.pendingActions.map(
      (pending) => (bannedAt.get(pending.address) ?? pending.at) - pending.at,
    )
    expect(Math.max(...waits)).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThan(120_000)
  })

  it('that takes longer than its bans are to last leaves none without an end', async () => {
    await using at = await createBanApi()
    const job = timedUnbans(at.deps)
    await at.monitor.probe()
    at.hooks.beforeBatch = async (done) => {
      if (done !== 100) return
      at.hooks.beforeBatch = () => undefined
      at.time.now += 61_000
      await job.run(new AbortController().signal)
    }
    await at.api.ban({ jail: 'sshd', addresses: many(300), duration: 60 })
    expect(at.banned['sshd']?.size).toBe(200)
    // those of the batch under way were sent before
    await job.run(new AbortController().signal)
    expect(at.banned['sshd']?.size).toBe(190)
    at.time.now += 61_000
    await job.run(new AbortController().signal)
    expect(at.banned['sshd']?.size).toBe(0)
  })

  it('asks for the bantime again where it could not be read once', async () => {
    await using at = await createBanApi()
    for (const address of many(300)) at.banned['sshd']?.add(address)
    const answered: number[] = []
    const { answerBans } = at.archive
    at.archive.answerBans = async (answer) => {
      answered.push(answer.bantime)
      return answerBans(answer)
    }
    const { getTuning } = at.host.jails
    let reads = 0
    at.host.jails.getTuning = async (name) => {
      reads += 1
      // the first one plans the ban
      if (reads === 2) throw new HostError('daemon_unavailable', { reason: 'timeout', message: 'Too slow.' })
      return getTuning(name)
    }
    const result = await at.api.ban({ jail: 'sshd', addresses: many(300) })
    expect(result).toMatchObject({
      already: 300,
      note: 'Done, but something about it could not be recorded: Too slow.',
    })
    expect(answered.length).toBeGreaterThan(1)
  })

  it('that the daemon leaves in the middle says how far it got', async () => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = (done) => {
      if (done === 250)
        throw new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens.' })
    }
    const refusal = await refusalOf(at.api.ban({ jail: 'sshd', addresses: many(3_000) }))
    expect(refusal).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      reason: 'ban_interrupted',
      params: { done: 250, total: 3_000, message: 'Nobody listens.' },
    })
    expect(at.deps.operations.list()).toMatchObject([{ state: 'failed', done: 250 }])
    at.hooks.beforeBatch = () => undefined
    expect(await at.api.ban({ jail: 'sshd', addresses: many(3_000) })).toMatchObject({
      banned: 2_750,
      already: 250,
    })
  })
})
