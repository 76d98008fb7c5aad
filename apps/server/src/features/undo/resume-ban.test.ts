import { describe, expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { ban } from '../../../test/ban-daemon.ts'
import { refusalOf } from '../../../test/create-test-deps.ts'
import { createCaller } from '../../router.ts'

/** A ban of 300 addresses that Ada cancels after 30. */
async function setUp() {
  const at = await createBanApi()
  const addresses = many(300)
  at.hooks.beforeBatch = (done) => {
    if (done === 20) at.deps.operations.cancel('mine')
  }
  const input = { jail: 'sshd', addresses, duration: 60, reason: 'scans', operationId: 'mine' }
  expect(await at.api.ban(input)).toMatchObject({ banned: 30 })
  at.hooks.beforeBatch = () => undefined
  for (const address of addresses.slice(0, 30))
    at.active.push(ban(address, { by: { kind: 'user', name: 'Ada' }, operation: 'mine' }))
  const context = asRole(at.deps, 'operator')
  const { session } = context
  const grace = createCaller({ ...context, session: session && { ...session, userName: 'Grace', userId: 2 } })
  return { ...at, addresses, grace }
}

describe('operations.resume', () => {
  it('bans the rest of a cancelled ban under its id, for whoever continues it', async () => {
    await using at = await setUp()
    const { grace, pendingActions } = at
    expect(await grace.operations.get({ id: 'mine' })).toMatchObject({
      state: 'cancelled',
      done: 30,
      total: 300,
      resumable: true,
    })
    at.pendingActions.length = 0
    at.time.now += 5_000
    expect(await grace.operations.resume({ id: 'mine' })).toMatchObject({ banned: 270, already: 0 })
    expect(at.banned['sshd']?.size).toBe(300)
    expect(new Set(pendingActions.map(({ address }) => address))).toEqual(new Set(at.addresses.slice(30)))
    expect(pendingActions[0]).toMatchObject({
      by: { kind: 'user', name: 'Grace' },
      reason: 'scans',
      operation: 'mine',
      at: 1_005_000,
    })
    const timers = await at.timers()
    expect(timers.filter(({ endsAt }) => endsAt === 1_065_000)).toHaveLength(270)
    expect(await grace.operations.get({ id: 'mine' })).toMatchObject({
      title: 'Banning 300 addresses in sshd',
      actor: { name: 'Ada' },
      resumedBy: 'Grace',
      state: 'done',
      done: 300,
      total: 300,
      startedAt: 1_000_000,
      endedAt: 1_005_000,
      resumable: false,
      undoable: true,
    })
    const { rows } = await grace.operations.list()
    expect(rows).toHaveLength(1)
    expect(await refusalOf(grace.operations.resume({ id: 'mine' }))).toMatchObject({ reason: 'resume_none' })
  })

  it('leaves out what somebody ended since, and can be cancelled and continued again', async () => {
    await using at = await setUp()
    at.banned['sshd']?.delete(at.addresses[3]!)
    at.active.splice(3, 1)
    at.hooks.beforeBatch = (done) => {
      if (done === 130) at.deps.operations.cancel('mine')
    }
    await at.grace.operations.resume({ id: 'mine' })
    expect(await at.grace.operations.get({ id: 'mine' })).toMatchObject({
      state: 'cancelled',
      done: 140,
      total: 300,
    })
    at.hooks.beforeBatch = () => undefined
    expect(await at.grace.operations.resume({ id: 'mine' })).toMatchObject({ banned: 160 })
    expect(at.banned['sshd']?.has(at.addresses[3]!)).toBe(false)
    expect(at.banned['sshd']?.size).toBe(299)
  })

  it('goes on with a ban that BanGUI was cut off in, but for addresses that it did ban', async () => {
    await using at = await createBanApi()
    const addresses = many(4)
    const params = { jail: 'sshd', force: false }
    await at.deps.operations.records.begin({
      id: 'cut',
      hostId: 1,
      kind: 'ban',
      actor: { kind: 'user', name: 'Ada' },
      title: 'Banning 4 addresses in sshd',
      params,
      total: 4,
      undoes: null,
      startedAt: 900_000,
    })
    await at.deps.operations.records.replaceItems('cut', 'requested', addresses)
    await at.deps.operations.records.interrupt(950_000)
    // the last progress was not stored any more
    at.active.push(ban(addresses[0]!, { by: { kind: 'user', name: 'Ada' }, operation: 'cut' }))
    at.banned['sshd']?.add(addresses[0]!)
    const api = createCaller(asRole(at.deps, 'operator'))
    expect(await api.operations.resume({ id: 'cut' })).toMatchObject({ banned: 3, already: 0 })
    expect(await api.operations.get({ id: 'cut' })).toMatchObject({ state: 'done', done: 4, total: 4 })
  })

  it('says also what was refused before it broke off', async () => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = (done) => {
      if (done === 20) at.deps.operations.cancel('mine')
    }
    const addresses = ['10.0.0.1', ...many(300)]
    await at.api.ban({ jail: 'sshd', addresses, operationId: 'mine' })
    at.hooks.beforeBatch = () => undefined
    for (const address of many(30))
      at.active.push(ban(address, { by: { kind: 'user', name: 'Ada' }, operation: 'mine' }))
    const api = createCaller(asRole(at.deps, 'operator'))
    const refused = [expect.objectContaining({ address: '10.0.0.1', reason: 'private' })]
    expect(await api.operations.resume({ id: 'mine' })).toMatchObject({ banned: 270, refused })
    expect(await api.operations.get({ id: 'mine' })).toMatchObject({
      state: 'partly',
      message: '1 address was refused.',
      done: 300,
      total: 300,
    })
  })

  it.each([
    ['who asked for it', 1, []],
    ['somebody else who was given the name since', 7, [expect.objectContaining({ reason: 'ignored' })]],
  ])('overrides the list of ignored addresses only for %s', async (_who, userId, refused) => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = (done) => {
      if (done === 20) at.deps.operations.cancel('mine')
    }
    const addresses = [...many(40), '198.51.100.7']
    await at.api.ban({ jail: 'sshd', addresses, force: true, operationId: 'mine' })
    at.hooks.beforeBatch = () => undefined
    const { session, ...context } = asRole(at.deps, 'operator')
    const ada = createCaller({ ...context, session: session && { ...session, userId } })
    expect(await ada.operations.resume({ id: 'mine' })).toMatchObject({ refused })
  })

  it('refuses what has ended, and what nobody knows', async () => {
    await using at = await createBanApi()
    await at.api.ban({ jail: 'sshd', addresses: many(2), operationId: 'mine' })
    const api = createCaller(asRole(at.deps, 'operator'))
    for (const id of ['mine', 'another'])
      expect(await refusalOf(api.operations.resume({ id }))).toMatchObject({ reason: 'resume_none' })
  })
})
