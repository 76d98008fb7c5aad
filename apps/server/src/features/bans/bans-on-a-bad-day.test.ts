import { openTestDatabase } from '@bangui/db'
import { HostError } from '@bangui/fail2ban'
import { LOCAL_HOST_ID } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { ban } from '../../../test/ban-daemon.ts'
import { refusalOf } from '../../../test/create-test-deps.ts'
import { jail } from '../../../test/fake-host.ts'

const diskFull = () => Promise.reject(new Error('The disk is full.'))

/** The rows of a host in a database that nothing can be written to, or read from. */
async function brokenDatabase() {
  const { db, close } = await openTestDatabase()
  await close()
  return { db, hostId: LOCAL_HOST_ID }
}

describe('where BanGUI cannot write its own database', () => {
  it('bans and unbans all the same, and says that it was not recorded who did it', async () => {
    await using at = await createBanApi()
    at.archive.addPendingActions = diskFull
    at.archive.findActive = diskFull
    const api = at.as('operator', { hostDb: await brokenDatabase() })
    const input = { jail: 'sshd', addresses: ['45.1.1.1'] }
    const note = expect.stringContaining('could not be recorded: ')
    expect(await api.ban(input)).toEqual({ banned: 1, already: 0, refused: [], jail: 'sshd', note })
    expect(await api.unban(input)).toEqual({ unbanned: 1, absent: 0, note })
    expect(at.calls).toEqual(['ban sshd 1', 'unban sshd 1'])
  })

  it('refuses a ban that it would have to end itself, saying why', async () => {
    await using at = await createBanApi()
    at.archive.addPendingActions = diskFull
    const refusal = await refusalOf(at.api.ban({ jail: 'sshd', addresses: ['45.1.1.1'], duration: 60 }))
    expect(refusal).toMatchObject({ code: 'SERVICE_UNAVAILABLE', reason: 'ban_end_not_kept' })
    expect([at.calls, await at.timers()]).toEqual([[], []])
  })

  it('says how far a list got where that begins in the middle of it', async () => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = (done) => {
      if (done === 200) at.archive.addPendingActions = diskFull
    }
    const refusal = await refusalOf(at.api.ban({ jail: 'sshd', addresses: many(300), duration: 60 }))
    expect(refusal).toMatchObject({ reason: 'ban_interrupted', params: { done: 210, total: 300 } })
    expect(at.banned['sshd']?.size).toBe(210)
    expect(await at.timers()).toHaveLength(210)
  })

  it('has no word about it where all is well', async () => {
    await using at = await createBanApi()
    expect(await at.api.ban({ jail: 'sshd', addresses: ['45.1.1.1'] })).not.toHaveProperty('note')
  })
})

describe('a jail that goes while a list is banned or unbanned', () => {
  it('is named in the error', async () => {
    await using at = await createBanApi()
    at.host.listed = [jail('sshd', { running: false })]
    at.hooks.beforeBatch = (done) => {
      if (done === 50) throw new HostError('jail_unknown', { jailName: 'sshd' })
    }
    const input = { jail: 'sshd', addresses: many(200), operationId: 'mine' }
    const told = { code: 'CONFLICT', reason: 'jail_not_running', params: { name: 'sshd' } }
    expect(await refusalOf(at.api.ban(input))).toEqual(told)
    expect(await refusalOf(at.api.unban({ ...input, operationId: 'other' }))).toEqual(told)
    expect(at.deps.operations.list()).toMatchObject([
      { id: 'mine', state: 'failed', done: 50 },
      { id: 'other', state: 'failed', done: 50 },
    ])
  })
})

describe('bans of several jails that a crash lost', () => {
  async function setUp() {
    const at = await createBanApi()
    at.tuning['web'] = { bantime: 600 }
    at.archive.listHistory = async () => ({ rows: [], nextCursor: null })
    const lost = ['sshd', 'web'].flatMap((name) => many(30).map((address) => ({ jail: name, address })))
    await at.archive.addLostBans(lost.map((pair, index) => ({ ...pair, at: 5, seq: index + 1 })))
    return at
  }

  it('are one operation, which counts all of them', async () => {
    await using at = await setUp()
    const seen: unknown[] = []
    at.hooks.beforeBatch = () => void seen.push(at.deps.operations.list().map(({ done }) => done))
    expect(await at.api.banLost({ operationId: 'mine' })).toMatchObject({ banned: 60, jail: 'sshd, web' })
    expect(seen).toEqual([[0], [10], [20], [30], [40], [50]])
    expect(at.deps.operations.list()).toMatchObject([
      { id: 'mine', title: 'Banning 60 addresses in 2 jails', done: 60, total: 60, state: 'done' },
    ])
  })

  it('can be given up in the middle: what was not reached can be banned again later', async () => {
    await using at = await setUp()
    at.hooks.beforeBatch = (done) => {
      if (done === 10) at.deps.operations.cancel('mine')
    }
    const result = await at.api.banLost({ operationId: 'mine' })
    expect(result).toMatchObject({ banned: 20 })
    expect(result.refused).toHaveLength(40)
    expect(await at.api.lost()).toMatchObject({ count: 40 })
    at.hooks.beforeBatch = () => undefined
    expect(await at.api.banLost()).toMatchObject({ banned: 40, refused: [] })
    expect(await at.api.lost()).toBeNull()
  })

  it('go on where one of the jails goes in the middle', async () => {
    await using at = await setUp()
    at.hooks.beforeBatch = (done) => {
      if (done === 10 && at.calls.at(-1) === 'ban sshd 10')
        throw new HostError('jail_unknown', { jailName: 'sshd' })
    }
    const result = await at.api.banLost()
    expect(result).toMatchObject({ banned: 30 })
    expect(result.refused[0]).toMatchObject({ reason: 'unknown', message: expect.stringContaining('sshd') })
    expect(await at.api.lost()).toMatchObject({ count: 30, jails: [{ jail: 'sshd' }] })
  })
})

describe("fail2ban's record of a ban, which an unban deletes", () => {
  async function setUp(over: Parameters<typeof ban>[1] = {}) {
    const at = await createBanApi()
    const found = ban('45.1.1.1', { since: at.time.now - 1_000, ...over })
    at.active.push(found)
    await at.state.update((state) => ({
      ...state,
      watching: { ...state.watching, database: { state: 'ok', path: '/f', message: null } },
    }))
    const unban = (importNew: () => Promise<unknown>) =>
      at.as('operator', { importNew }).unban({ jail: 'sshd', addresses: ['45.1.1.1'] })
    return { ...at, found, unban }
  }

  it('is taken in before, also where the first look came too early', async () => {
    await using at = await setUp()
    at.hooks.beforeBatch = () => void at.calls.push('ended')
    await at.unban(async () => {
      at.calls.push('look')
      if (at.calls.length === 2) at.active.splice(0, 1, { ...at.found, attempts: 5 })
    })
    expect(at.calls).toEqual(['look', 'look', 'unban sshd 1', 'ended'])
  })

  it.each([{ attempts: 5 }, { since: 0 }, { by: { kind: 'user', name: 'Ben' } as const }])(
    'is not looked for of a ban with %j',
    async (over) => {
      await using at = await setUp(over)
      await at.unban(() => Promise.reject(new Error('It was looked for.')))
      expect(at.events()).not.toContain('import_failed')
      expect(at.calls).toEqual(['unban sshd 1'])
    },
  )

  it('is no reason not to end the ban', async () => {
    await using at = await setUp()
    await at.unban(() => Promise.reject(new Error('It is locked.')))
    expect(at.calls).toEqual(['unban sshd 1'])
    expect(at.events()).toContain('import_failed')
  })
})
