import { DatabaseError, insertChanges } from '@bangui/db'
import { OperationList, Operation } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { stagedLoad } from '../../../test/fake-host.ts'
import { createCaller } from '../../router.ts'
import { createOperations } from './operations.ts'
import type { OperationStore } from './operation-store.ts'

const full = new DatabaseError('full', '/var/lib/bangui/bangui.db')

/** BanGUI whose record of operations behaves as a test says. */
async function setUp(verbs: (records: OperationStore) => Partial<OperationStore> = () => ({})) {
  const at = await createBanApi()
  const { clock, log } = at.deps
  const { records } = at.deps.operations
  const operations = createOperations({ clock, log, records: { ...records, ...verbs(records) } })
  const api = createCaller(asRole({ ...at.deps, operations }, 'admin'))
  return { ...at, operations, api }
}

describe('the record of an operation', () => {
  it('stores its progress as it comes, and its outcome', async () => {
    const stored: unknown[] = []
    await using at = await setUp((records) => ({
      update: async (id, progress) => {
        stored.push(progress.done)
        await records.update(id, progress)
      },
    }))
    const addresses = [...many(120), '10.0.0.1']
    await at.api.bans.ban({ jail: 'sshd', addresses, operationId: 'mine', reason: 'scans' })
    expect(stored.length).toBeGreaterThan(1)
    expect(stored).toEqual(stored.toSorted((one, other) => Number(one) - Number(other)))
    expect(Operation.parse(await at.api.operations.get({ id: 'mine' }))).toMatchObject({
      host: 'local',
      kind: 'ban',
      title: 'Banning 120 addresses in sshd',
      actor: { kind: 'user', name: 'Ada' },
      state: 'partly',
      done: 120,
      total: 120,
      message: '1 address was refused.',
    })
    expect(await at.deps.operations.records.findParams('mine')).toEqual({
      jail: 'sshd',
      reason: 'scans',
      force: false,
    })
    expect(await refusalOf(at.api.operations.get({ id: 'another' }))).toMatchObject({ reason: 'not_found' })
  })

  it('knows its id also after a restart, and refuses it', async () => {
    await using at = await setUp()
    const input = { jail: 'sshd', addresses: ['45.1.1.1'], operationId: 'mine' }
    await at.api.bans.ban(input)
    const { clock, log } = at.deps
    const again = createOperations({ clock, log, records: at.deps.operations.records })
    const api = createCaller(asRole({ ...at.deps, operations: again }, 'operator'))
    expect(await refusalOf(api.bans.ban(input))).toMatchObject({
      code: 'CONFLICT',
      reason: 'operation_known',
    })
  })

  it('says that all addresses were refused', async () => {
    await using at = await setUp()
    await at.api.bans.ban({ jail: 'sshd', addresses: ['10.0.0.1'], operationId: 'mine' })
    expect(await at.api.operations.get({ id: 'mine' })).toMatchObject({ state: 'failed', done: 0 })
  })

  it('says that it was interrupted where BanGUI was cut off or shut down', async () => {
    await using at = await setUp()
    const { operations } = at
    const work = Promise.withResolvers<void>()
    const actor = { kind: 'user', name: 'Ada' } as const
    const host = { id: 1, key: 'local' }
    const request = { kind: 'ban', title: 'Banning', total: 1, cancellable: true, actor, host } as const
    const runs = ['cut', 'shut'].map((id) => operations.run({ ...request, id }, () => work.promise))
    await expect.poll(() => operations.records.find('shut')).toBeDefined()
    expect(await operations.records.interrupt(2_000_000)).toBe(2)
    expect(await operations.records.find('cut')).toMatchObject({ state: 'interrupted', endedAt: 2_000_000 })
    operations.close()
    work.reject(new Error('the connection was closed'))
    await Promise.allSettled(runs)
    expect(await operations.records.find('shut')).toMatchObject({ state: 'interrupted', endedAt: 1_000_000 })
  })

  it('shows the end also while it cannot be stored', async () => {
    let isFull = true
    await using at = await setUp((records) => ({
      end: (...args) => (isFull ? Promise.reject(full) : records.end(...args)),
    }))
    await at.api.bans.ban({ jail: 'sshd', addresses: ['45.1.1.1'], operationId: 'mine' })
    expect(await at.api.operations.get({ id: 'mine' })).toMatchObject({ state: 'done', done: 1 })
    expect((await at.api.operations.list({})).rows).toMatchObject([{ id: 'mine', state: 'done' }])
    expect((await at.api.operations.list({ state: 'running' })).rows).toEqual([])
    isFull = false
    await at.operations.flush()
    expect((await at.api.operations.list({ state: 'done' })).rows).toHaveLength(1)
  })

  it('says on every page at once whether it can be undone, also of a change and after its undo', async () => {
    await using at = await setUp()
    const listed = (id: string) => at.operations.list().find((one) => one.id === id)
    const actor = { kind: 'user', name: 'Ada' } as const
    const work = {
      kind: 'jail.activate',
      title: 'Activating jail web',
      total: null,
      cancellable: false,
    } as const
    const of = (id: string) => ({ ...work, id, actor, host: { id: at.deps.id, key: at.deps.key } })
    const change = {
      id: '6f2c1b2e-0000-4000-8000-000000000000',
      operationId: 'on',
      title: work.title,
      note: null,
      files: ['/etc/fail2ban/jail.local'],
      load: [],
      expect: { before: [], running: ['web'], stopped: [] },
      state: 'applied',
      createdAt: 1,
    } as const
    await at.operations.run(of('on'), () => insertChanges(at.deps.hostDb, [change], 1))
    expect(listed('on')).toMatchObject({ state: 'done', undoable: true })
    await at.operations.run({ ...of('undo'), kind: 'undo', undoes: 'on' }, async () => undefined)
    expect(listed('on')).toMatchObject({ undoable: false })
    expect(listed('undo')).toMatchObject({ undoable: false })
  })

  it('stays on every page where somebody uses its id once more', async () => {
    await using at = await setUp()
    const input = { jail: 'sshd', addresses: ['45.1.1.1'], operationId: 'mine' }
    await at.api.bans.ban(input)
    expect(await refusalOf(at.api.bans.ban(input))).toMatchObject({ reason: 'operation_known' })
    expect(at.operations.list()).toMatchObject([{ id: 'mine', state: 'done' }])
  })

  it('is written again where its end could not be', async () => {
    await using at = await setUp()
    let isFull = true
    const ended: string[] = []
    const { clock, log } = at.deps
    const records: OperationStore = {
      ...at.deps.operations.records,
      end: async (id) => {
        if (isFull) throw full
        ended.push(id)
      },
    }
    const operations = createOperations({ clock, log, records, retryMs: 1 })
    const actor = { kind: 'user', name: 'Ada' } as const
    const host = { id: 1, key: 'local' }
    const request = { kind: 'ban', title: 'Banning', total: 1, cancellable: true, actor, host } as const
    expect(await operations.run({ ...request, id: 'mine' }, async () => 'done')).toBe('done')
    isFull = false
    await expect.poll(() => ended).toEqual(['mine'])
  })
})

it('an operation that was done when somebody cancelled it is done', async () => {
  await using at = await setUp()
  at.hooks.beforeBatch = () => void at.operations.cancel('mine')
  const input = { jail: 'sshd', addresses: many(5), operationId: 'mine' }
  expect(await at.api.bans.ban(input)).toMatchObject({ banned: 5, refused: [] })
  expect(await at.api.operations.get({ id: 'mine' })).toMatchObject({ state: 'done', resumable: false })
})

it('an emergency goes through beside a hundred bans', async () => {
  await using at = await setUp()
  const end = Promise.withResolvers<void>()
  const actor = { kind: 'user', name: 'Ada' } as const
  const host = { id: 1, key: 'local' }
  const request = { title: 'Banning', total: 1, cancellable: true, actor, host } as const
  const run = (
    kind: 'ban' | 'unban' | 'rollback' | 'jail.stop' | 'daemon.stop',
    work: () => Promise<unknown>,
  ) => at.operations.run({ ...request, kind }, work)
  const bans = Array.from({ length: 100 }, () => run('ban', () => end.promise))
  await expect(run('ban', async () => 'done')).rejects.toMatchObject({ code: 'busy' })
  for (const kind of ['unban', 'rollback', 'jail.stop', 'daemon.stop'] as const)
    expect(await run(kind, async () => 'done')).toBe('done')
  end.resolve()
  await Promise.all(bans)
})

describe('where no record can be written', () => {
  it('progress is tried once, and the end once more', async () => {
    let tries = 0
    const ends: unknown[] = []
    await using at = await setUp((records) => ({
      update: () => {
        tries += 1
        return Promise.reject(full)
      },
      end: async (id, end) => {
        ends.push(end.state)
        await records.end(id, end)
      },
    }))
    await at.api.bans.ban({ jail: 'sshd', addresses: many(500) })
    expect([tries, ends]).toEqual([1, ['done']])
  })

  const cannotBegin = () => ({ begin: () => Promise.reject(full) })

  it('a ban, an unban and a stop go through with a note', async () => {
    await using at = await setUp(cannotBegin)
    const note = expect.stringContaining('could not be recorded')
    const input = { jail: 'sshd', addresses: ['45.1.1.1'] }
    expect(await at.api.bans.ban(input)).toMatchObject({ banned: 1, note })
    expect(await at.api.bans.unban(input)).toMatchObject({ unbanned: 1, note })
    at.host.config.stage = async (change) => stagedLoad(change)
    at.host.config.apply = async () => ({ applied: true, files: [], output: null, failure: null })
    at.deps.jails.stopped.add = async () => undefined
    expect(await at.api.jails.stop({ name: 'sshd' })).toMatchObject({ applied: true, note })
    expect((await at.api.operations.list()).rows).toEqual([])
  })

  it('everything else is refused, and touches nothing', async () => {
    await using at = await setUp(cannotBegin)
    let touched = 0
    at.host.config.stage = async () => void (touched += 1)
    at.host.jails.setIdle = async () => void (touched += 1)
    for (const call of [
      at.api.jails.start({ name: 'sshd' }),
      at.api.jails.setIdle({ name: 'sshd', idle: true }),
    ])
      expect(await refusalOf(call)).toMatchObject({ reason: 'database_unavailable' })
    expect(touched).toBe(0)
    expect(at.operations.listRunning()).toEqual([])
  })
})

describe('operations.list', () => {
  it('has what anybody did, in pages and by actor, kind and state, and first what only reads', async () => {
    await using at = await setUp()
    for (const address of many(3)) await at.api.bans.ban({ jail: 'sshd', addresses: [address] })
    await at.api.bans.unban({ addresses: many(1) })
    await at.api.server.cancelLoad().catch(() => undefined)
    const counting = Promise.withResolvers<void>()
    const request = { id: 'counting', kind: 'statistics', title: 'Counting', total: null } as const
    const shown = at.operations.show({ ...request, cancellable: true }, () => counting.promise)
    const kindsOf = async (input: Parameters<typeof at.api.operations.list>[0]) => {
      const { rows, nextCursor } = OperationList.parse(await at.api.operations.list(input))
      return { kinds: rows.map(({ kind }) => kind), nextCursor }
    }
    expect((await kindsOf({})).kinds).toEqual([
      'statistics',
      'daemon.cancel_load',
      'unban',
      'ban',
      'ban',
      'ban',
    ])
    const first = await kindsOf({ kind: 'ban', actor: 'Ada', limit: 2 })
    expect(first.kinds).toEqual(['ban', 'ban'])
    expect(await kindsOf({ kind: 'ban', cursor: first.nextCursor, limit: 2 })).toEqual({
      kinds: ['ban'],
      nextCursor: null,
    })
    expect((await kindsOf({ actor: 'Grace' })).kinds).toEqual([])
    expect((await kindsOf({ state: 'running' })).kinds).toEqual(['statistics'])
    counting.resolve()
    await shown
  })

  it('shows each operation on one page, beside work that leaves no record', async () => {
    await using at = await setUp()
    for (const [index, address] of many(4).entries())
      await at.api.bans.ban({ jail: 'sshd', addresses: [address], operationId: `ban-${index}` })
    const counting = Promise.withResolvers<void>()
    const request = { id: 'counting', kind: 'statistics', title: 'Counting', total: null } as const
    const shown = at.operations.show({ ...request, cancellable: true }, () => counting.promise)
    const first = await at.api.operations.list({ limit: 2 })
    const second = await at.api.operations.list({ limit: 2, cursor: first.nextCursor })
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual([
      'counting',
      'ban-3',
      'ban-2',
      'ban-1',
      'ban-0',
    ])
    counting.resolve()
    await shown
  })

  it('is not deceived by counting under the id of another operation', async () => {
    await using at = await setUp()
    await at.api.bans.ban({ jail: 'sshd', addresses: many(1), operationId: 'mine' })
    const request = { id: 'mine', kind: 'statistics', title: 'Counting', total: null } as const
    const counting = Promise.withResolvers<void>()
    const show = () => at.operations.show({ ...request, cancellable: true }, () => counting.promise)
    await expect(show()).rejects.toMatchObject({ code: 'operation_known' })
    at.time.now += 60_000
    const shown = show()
    expect(await at.api.operations.get({ id: 'mine' })).toMatchObject({ kind: 'ban', state: 'done' })
    expect((await at.api.operations.list({ kind: 'ban' })).rows).toMatchObject([
      { id: 'mine', state: 'done' },
    ])
    counting.resolve()
    await shown
  })

  it('has the progress of an operation that is running', async () => {
    await using test = await createTestDeps()
    const { operations } = test.deps
    const seen: unknown[] = []
    const actor = { kind: 'user', name: 'Ada' } as const
    const host = { id: 1, key: 'local' }
    const request = {
      id: 'mine',
      kind: 'ban',
      title: 'Banning',
      total: 9,
      cancellable: true,
      actor,
      host,
    } as const
    const api = createCaller(asRole(test.deps, 'viewer'))
    await operations.run(request, async ({ progress }) => {
      progress(4)
      seen.push(...(await api.operations.list({ state: 'running' })).rows)
    })
    expect(seen).toMatchObject([{ id: 'mine', state: 'running', done: 4, total: 9, cancellable: true }])
  })
})
