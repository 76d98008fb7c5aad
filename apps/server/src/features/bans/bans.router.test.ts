import { staged } from '../../../test/fake-host.ts'
import { describe, expect, it, vi } from 'vitest'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { ban } from '../../../test/ban-daemon.ts'
import { refusalOf } from '../../../test/create-test-deps.ts'

describe('bans.unban', () => {
  it('counts what was there and what was not, each address once', async () => {
    await using at = await createBanApi()
    at.banned['sshd']?.add('45.1.1.1')
    at.active.push(ban('45.1.1.1'))
    const addresses = ['45.1.1.1', '::ffff:45.1.1.1', '45.9.9.9', 'nonsense']
    expect(await at.api.unban({ addresses })).toEqual({ unbanned: 1, absent: 2 })
    expect(at.calls).toEqual(['unban * 3'])
    expect(at.pendingActions).toMatchObject([
      { kind: 'unban', jail: 'sshd', address: '45.1.1.1', by: { kind: 'user', name: 'Ada' } },
    ])
    expect(await at.api.unban({ addresses })).toEqual({ unbanned: 0, absent: 3 })
  })

  it('ends what a network holds, in one jail, and forgets when BanGUI was to end it', async () => {
    await using at = await createBanApi()
    await at.api.ban({ jail: 'sshd', addresses: ['45.1.1.0/24'], duration: 60 })
    expect(await at.timers()).toHaveLength(1)
    expect(await at.api.unban({ addresses: ['45.1.1.0/24'], jail: 'sshd' })).toEqual({
      unbanned: 1,
      absent: 0,
    })
    expect(await at.timers()).toEqual([])
  })

  it('ends everything, in a jail or in all', async () => {
    await using at = await createBanApi()
    at.tuning['web'] = { bantime: 60 }
    at.banned['web'] = new Set(['45.1.1.1', 'not-an-ip.invalid'])
    for (const address of many(1_100)) at.banned['sshd']?.add(address)
    expect(await at.api.unban({ addresses: [], jail: 'web', all: true })).toEqual({ unbanned: 2, absent: 0 })
    expect(await at.api.unban({ addresses: [], all: true, operationId: 'x' })).toEqual({
      unbanned: 1_100,
      absent: 0,
    })
    expect(at.banned['sshd']?.size).toBe(0)
    expect(at.deps.operations.list()).toMatchObject([
      { kind: 'unban', title: 'Unbanning 1,100 addresses in all jails' },
    ])
  })

  it('asks for addresses or for all, not for neither or both', async () => {
    await using at = await createBanApi()
    for (const input of [{ addresses: [] }, { addresses: ['45.1.1.1'], all: true }])
      expect(await refusalOf(at.api.unban(input))).toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('names a jail that there is none of', async () => {
    await using at = await createBanApi()
    for (const input of [{ addresses: ['45.1.1.1'] }, { addresses: [], all: true }]) {
      const refusal = await refusalOf(at.api.unban({ ...input, jail: 'nothing' }))
      expect(refusal).toMatchObject({ reason: 'jail_unknown', params: { name: 'nothing' } })
    }
  })
})

describe('bans.list and bans.counts', () => {
  it('ask the archive for what was typed', async () => {
    await using at = await createBanApi()
    const listActive = vi.fn(async () => ({ rows: [ban('45.1.1.1')], total: 1, nextCursor: 'next' }))
    at.archive.listActive = listActive
    const viewer = at.as('viewer')
    expect(await viewer.list({ search: 'jail:sshd', sort: 'until', limit: 10 })).toMatchObject({ total: 1 })
    expect(await viewer.list()).toMatchObject({ nextCursor: 'next' })
    expect(listActive.mock.calls).toMatchObject([
      [{ filter: { jail: 'sshd' }, sort: 'until', cursor: null, offset: 0, limit: 10 }],
      [{ filter: {}, sort: '-since', cursor: null, offset: 0, limit: 50 }],
    ])
    expect(await viewer.list({ jail: 'web', search: 'jail:sshd' })).toEqual({
      rows: [],
      total: 0,
      nextCursor: null,
    })
    expect(listActive).toHaveBeenCalledTimes(2)
  })

  it('count the bans in force, most first', async () => {
    await using at = await createBanApi()
    at.archive.countActive = async () =>
      new Map([
        ['a', 1],
        ['c', 7],
        ['b', 1],
      ])
    const counts = await at.as('viewer').counts()
    expect(counts.map(({ jail: name, count }) => [name, count])).toEqual([
      ['c', 7],
      ['a', 1],
      ['b', 1],
    ])
  })
})

describe('bans that a crash lost', () => {
  const lose = (at: Awaited<ReturnType<typeof createBanApi>>, bans: { jail: string; address: string }[]) =>
    at.archive.addLostBans(bans.map((lost, index) => ({ ...lost, at: 5, seq: index + 1 })))

  it('are banned again until they would have ended', async () => {
    await using at = await createBanApi()
    const rows: Record<string, object> = {
      '45.1.1.1': { at: 900_000, duration: 600 },
      '45.2.2.2': { at: 900_000, duration: -1 },
      '45.3.3.3': { at: 100_000, duration: 60 },
    }
    const asked: string[] = []
    at.archive.listHistory = async ({ filter }) => {
      const [, a, b, c, d] = filter.addresses?.from ?? []
      const address = `${a}.${b}.${c}.${d}`
      asked.push(`${filter.jail} ${address}`)
      return { rows: [rows[address] as never], nextCursor: null }
    }
    await lose(
      at,
      Object.keys(rows).map((address) => ({ jail: 'sshd', address })),
    )
    expect(await at.api.banLost()).toEqual({ banned: 2, already: 0, refused: [], jail: 'sshd' })
    expect(asked).toEqual(['sshd 45.1.1.1', 'sshd 45.2.2.2', 'sshd 45.3.3.3'])
    expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.1.1.1', '45.2.2.2'])
    expect(await at.timers()).toMatchObject([{ address: '45.1.1.1', endsAt: 1_500_000 }])
    expect(await at.api.lost()).toBeNull()
    expect(await at.api.banLost()).toMatchObject({ banned: 0 })
  })

  it('of a jail that does not run stay on the list', async () => {
    await using at = await createBanApi()
    await lose(at, [{ jail: 'web', address: '45.1.1.1' }])
    expect(await at.api.banLost()).toMatchObject({ refused: [{ address: '45.1.1.1', reason: 'unknown' }] })
    expect(await at.archive.listLostBans()).toEqual([{ jail: 'web', address: '45.1.1.1' }])
  })

  it('of other jails do not: they are in force again', async () => {
    await using at = await createBanApi()
    at.archive.listHistory = async () => ({ rows: [], nextCursor: null })
    await lose(at, [
      { jail: 'web', address: '45.1.1.1' },
      { jail: 'sshd', address: '45.2.2.2' },
    ])
    expect(await at.api.banLost()).toMatchObject({ banned: 1 })
    expect(await at.api.lost()).toMatchObject({ count: 1, jails: [{ jail: 'web' }] })
  })

  it('are forgotten when nobody wants them back', async () => {
    await using at = await createBanApi()
    await lose(at, [{ jail: 'sshd', address: '45.1.1.1' }])
    await at.api.dismissLost()
    expect(await at.archive.listLostBans()).toEqual([])
  })
})

describe('bans.setUpManualJail', () => {
  it('prepares the jail and applies it as an activation', async () => {
    await using at = await createBanApi()
    at.host.config.stage = async () => staged({ load: [{ jail: 'bangui', how: 'start' }] })
    at.host.config.apply = async (id) => ({
      applied: id === 'c1',
      files: ['/x'],
      output: null,
      failure: null,
    })
    expect(await at.as('admin').setUpManualJail()).toEqual({ applied: true, files: ['/x'], output: null })
    expect(at.state.get().lastActivation).toMatchObject({ jailName: 'bangui', changeId: 'c1' })
    at.host.config.stage = async () => undefined
    expect(await at.as('admin').setUpManualJail()).toMatchObject({ applied: true, files: [] })
  })

  it('has to be confirmed where it can lock people out, by a page that says that it can confirm', async () => {
    await using at = await createBanApi()
    const begin = vi.spyOn(at.deps.confirmations, 'begin').mockResolvedValue(undefined)
    const risks = [{ cause: 'way_in' as const, jails: ['bangui'] }]
    at.host.config.stage = async () => staged({ load: [{ jail: 'bangui', how: 'start' }], risks })
    at.host.config.apply = async (_id, { confirmWithinMs } = {}) => ({
      applied: true,
      files: ['/x'],
      output: null,
      failure: null,
      ...(confirmWithinMs !== undefined && { confirmBy: 2_000_000 }),
    })
    expect(await at.as('admin').setUpManualJail({ provisional: true })).toMatchObject({ unconfirmed: 'c1' })
    expect(begin).toHaveBeenCalledWith(expect.objectContaining({ id: 'c1' }), expect.anything())
    expect(await at.as('admin').setUpManualJail()).not.toHaveProperty('unconfirmed')
    expect(begin).toHaveBeenCalledTimes(1)
  })
})

describe('a role', () => {
  it('that may only look bans nothing, and an operator changes no configuration', async () => {
    await using at = await createBanApi()
    const [viewer, operator] = [at.as('viewer'), at.as('operator')]
    const input = { jail: 'sshd', addresses: ['45.1.1.1'] }
    const refused = [
      viewer.ban(input),
      viewer.preview(input),
      viewer.unban({ addresses: ['45.1.1.1'] }),
      viewer.banLost(),
      viewer.dismissLost(),
      viewer.setUpManualJail(),
      operator.setUpManualJail(),
    ]
    for (const call of refused)
      expect(await refusalOf(call)).toMatchObject({ code: 'FORBIDDEN', reason: 'forbidden' })
    expect(at.calls).toEqual([])
  })
})
