import { describe, expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { insertChanges } from './changes.ts'
import { deleteOperationItems, insertOperationItems, listOperationItems } from './operation-items.ts'
import { findOperation, findOperationParams, listOperationActors, listOperations } from './find-operations.ts'
import {
  beginOperation,
  deleteOldOperations,
  endOperation,
  interruptOperations,
  reopenOperation,
  updateOperation,
  type NewOperation,
  type OperationEnd,
} from './operations.ts'

const begun = (id: string, over: Partial<NewOperation> = {}): NewOperation => ({
  id,
  hostId: 1,
  kind: 'ban',
  actor: { kind: 'user', name: 'ada' },
  title: `Banning ${id}`,
  params: { jail: 'sshd' },
  total: 3,
  undoes: null,
  startedAt: 1_000,
  ...over,
})

const end = (over: Partial<OperationEnd> = {}): OperationEnd => ({
  title: 'Banned',
  done: 3,
  total: 3,
  state: 'done',
  endedAt: 2_000,
  message: null,
  ...over,
})

const limits = { operations: 3, items: 5 }

describe('an operation', () => {
  it('is stored from its beginning to its end', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    expect(await beginOperation(db, begun('a'))).toBe('begun')
    expect(await findOperation(db, 'a')).toEqual({
      id: 'a',
      hostId: 1,
      kind: 'ban',
      actor: { kind: 'user', name: 'ada' },
      title: 'Banning a',
      state: 'running',
      done: 0,
      total: 3,
      undoes: null,
      startedAt: 1_000,
      endedAt: null,
      message: null,
      resumedBy: null,
      isUndoable: false,
      isResumable: false,
    })
    expect(await findOperationParams(db, 'a')).toEqual({ jail: 'sshd' })
    await updateOperation(db, 'a', { title: 'Banning', done: 2, total: 4 })
    expect(await findOperation(db, 'a')).toMatchObject({ title: 'Banning', done: 2, total: 4, endedAt: null })
    await endOperation(db, 'a', end({ state: 'failed', message: 'Nobody listens.' }))
    expect(await findOperation(db, 'a')).toMatchObject({
      state: 'failed',
      done: 3,
      endedAt: 2_000,
      message: 'Nobody listens.',
    })
    expect(await findOperation(db, 'b')).toBeUndefined()
  })

  it('begins once: its id is known from then on', async () => {
    await using database = await openTestDatabase()
    await beginOperation(database.db, begun('a'))
    await endOperation(database.db, 'a', end())
    expect(await beginOperation(database.db, begun('a', { title: 'another' }))).toBe('known')
    expect(await findOperation(database.db, 'a')).toMatchObject({ title: 'Banned', state: 'done' })
  })

  it('is interrupted by a new start, and goes on under its id', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    for (const id of ['a', 'b']) await beginOperation(db, begun(id))
    await insertOperationItems(db, { operation: 'a', kind: 'requested', items: ['45.1.1.1'], limits })
    await endOperation(db, 'b', end())
    expect(await interruptOperations(db, 5_000)).toBe(1)
    expect(await findOperation(db, 'a')).toMatchObject({
      state: 'interrupted',
      endedAt: 5_000,
      isResumable: true,
      isUndoable: false,
    })
    expect(await findOperation(db, 'b')).toMatchObject({ state: 'done', isResumable: false })
    expect(await reopenOperation(db, 'a', { by: 'bob' })).toBe(true)
    expect(await findOperation(db, 'a')).toMatchObject({ state: 'running', endedAt: null, resumedBy: 'bob' })
    for (const id of ['a', 'b', 'c']) expect(await reopenOperation(db, id, { by: 'bob' })).toBe(false)
    await endOperation(db, 'a', end())
    expect(await listOperationItems(db, 'a', 'requested')).toEqual([])
  })
})

describe('an operation of BanGUI itself', () => {
  const own = begun('own', { actor: { kind: 'system', name: 'timer' }, askedBy: ['ada'] })

  it('goes on under its id however it ended, for more users', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    await beginOperation(db, own)
    expect(await reopenOperation(db, 'own', { by: null })).toBe(false)
    for (const state of ['done', 'failed', 'interrupted'] as const) {
      await endOperation(db, 'own', end({ state }))
      expect(await reopenOperation(db, 'own', { by: null, askedBy: ['ada', 'bob'] })).toBe(true)
      expect(await findOperation(db, 'own')).toMatchObject({
        state: 'running',
        askedBy: ['ada', 'bob'],
        resumedBy: null,
      })
    }
  })

  it('is none of a user', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    await beginOperation(db, begun('a'))
    await endOperation(db, 'a', end())
    expect(await reopenOperation(db, 'a', { by: null })).toBe(false)
  })
})

it('who began operations is known by id and name', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await beginOperation(db, begun('a', { actor: { kind: 'user', name: 'ada', id: 7 } }))
  await beginOperation(db, begun('b', { actor: { kind: 'system', name: 'timer' } }))
  expect(Object.fromEntries(await listOperationActors(db, ['a', 'b', 'c']))).toEqual({
    a: { kind: 'user', name: 'ada', id: 7 },
    b: { kind: 'system', name: 'timer' },
  })
  expect(await findOperation(db, 'a')).toMatchObject({ actor: { id: 7 } })
})

describe('an undo', () => {
  it('is possible once, and again where it failed', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    await beginOperation(db, begun('a'))
    await insertOperationItems(db, { operation: 'a', kind: 'banned', items: ['45.1.1.1'], limits })
    await endOperation(db, 'a', end())
    const isUndoable = async () => (await findOperation(db, 'a'))?.isUndoable
    const undo = (id: string) => beginOperation(db, begun(id, { kind: 'undo', undoes: 'a' }))
    expect(await isUndoable()).toBe(true)
    expect(await undo('u1')).toBe('begun')
    expect([await isUndoable(), await undo('u2')]).toEqual([false, 'undone'])
    await endOperation(db, 'u1', end({ state: 'failed' }))
    expect([await isUndoable(), await undo('u2')]).toEqual([true, 'begun'])
    await insertOperationItems(db, { operation: 'u2', kind: 'unbanned', items: ['45.1.1.1'], limits })
    await endOperation(db, 'u2', end({ state: 'partly' }))
    expect([await isUndoable(), await undo('u3')]).toEqual([false, 'undone'])
    expect(await findOperation(db, 'u2')).toMatchObject({ undoes: 'a', isUndoable: false })
    expect(await findOperation(db, 'u3')).toBeUndefined()
  })

  it('of a change is possible where it has files, or started or stopped a jail', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    const step = (how: 'start' | 'stop' | 'reload' | 'restart') => [{ jail: 'sshd', how }]
    const changes = [
      ['files', ['/etc/fail2ban/jail.local'], step('reload'), true],
      ['start', [], step('start'), true],
      ['stop', [], step('stop'), true],
      ['reload', [], step('reload'), false],
      ['restart', [], step('restart'), false],
      ['all', [], { all: true }, false],
      ['nothing', [], [], false],
    ] as const
    for (const [id, files, load, isUndoable] of changes) {
      await beginOperation(db, begun(id, { kind: 'jail.reload' }))
      const expectation = { before: [], running: [], stopped: [] }
      const change = { id, operationId: id, title: id, note: null, files, load, expect: expectation }
      await insertChanges({ db, hostId: 1 }, [{ ...change, state: 'applied', createdAt: 1 }], 1)
      await endOperation(db, id, end())
      expect((await findOperation(db, id))?.isUndoable, id).toBe(isUndoable)
    }
  })
})

it('an operation that goes on is not undone meanwhile', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await beginOperation(db, begun('a'))
  await insertOperationItems(db, { operation: 'a', kind: 'requested', items: ['45.1.1.1'], limits })
  await endOperation(db, 'a', end({ state: 'cancelled' }))
  expect(await reopenOperation(db, 'a', { by: 'bob' })).toBe(true)
  expect(await beginOperation(db, begun('u', { kind: 'undo', undoes: 'a' }))).toBe('running')
  expect(await findOperation(db, 'u')).toBeUndefined()
})

it('an operation does not go on while it is undone, and an undo stays without what it undid', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await beginOperation(db, begun('a'))
  for (const kind of ['requested', 'banned'] as const)
    await insertOperationItems(db, { operation: 'a', kind, items: ['45.1.1.1'], limits })
  await endOperation(db, 'a', end({ state: 'cancelled' }))
  expect(await findOperation(db, 'a')).toMatchObject({ isResumable: true })
  expect(await beginOperation(db, begun('undo', { undoes: 'a' }))).toBe('begun')
  expect(await findOperation(db, 'a')).toMatchObject({ isResumable: false })
  expect(await reopenOperation(db, 'a', { by: 'bob' })).toBe(false)
  expect(await deleteOldOperations(db, { endedBefore: 10_000, most: 10 })).toBe(1)
  expect(await findOperation(db, 'undo')).toMatchObject({ state: 'running', undoes: 'a' })
})

describe('the items of operations', () => {
  it('are kept in their order until they are deleted', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    for (const id of ['a', 'b']) await beginOperation(db, begun(id))
    const add = (operation: string, ...items: number[]) =>
      insertOperationItems(db, { operation, kind: 'unbanned', items, limits })
    await add('a', 1, 2)
    await add('b', 3)
    await add('a', 4)
    expect(await listOperationItems(db, 'a', 'unbanned')).toEqual([1, 2, 4])
    expect(await listOperationItems(db, 'a', 'banned')).toEqual([])
    await deleteOperationItems(db, 'a')
    expect(await listOperationItems(db, 'a', 'unbanned')).toEqual([])
    expect(await listOperationItems(db, 'b', 'unbanned')).toEqual([3])
  })

  it('of the oldest operations that have ended are deleted above the limits, all of an operation at once', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    const add = (operation: string, ...items: number[]) =>
      insertOperationItems(db, { operation, kind: 'unbanned', items, limits })
    const left = async () => {
      const rows = await db.selectFrom('operation_items').select('operation').orderBy('id').execute()
      return rows.map(({ operation }) => operation)
    }
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await beginOperation(db, begun(id))
      // b is running
      if (id !== 'b') await endOperation(db, id, end())
    }
    for (const id of ['a', 'b', 'c', 'd']) await add(id, 1)
    expect(await left()).toEqual(['b', 'c', 'd'])
    await add('d', 2, 3, 4)
    expect(await left()).toEqual(['b', 'c', 'd', 'd'])
    await add('e', 5, 6, 7)
    expect(await left()).toEqual(['b', 'e'])
    await add('b', 8, 9, 10)
    expect(await left()).toEqual(['b', 'b'])
  })
})

describe('the list of operations', () => {
  it('has the newest first, in pages, by state, kind, actor and host', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    for (let index = 0; index < 5; index += 1) await beginOperation(db, begun(`o${index}`))
    await beginOperation(db, begun('unban', { kind: 'unban', actor: { kind: 'user', name: 'bob' } }))
    await endOperation(db, 'unban', end())
    const list = async (filter: object, cursor: string | null = null, limit = 50) => {
      const { rows, nextCursor } = await listOperations(db, { filter, cursor, limit })
      return { ids: rows.map(({ id }) => id), nextCursor }
    }
    const first = await list({}, null, 4)
    expect(first.ids).toEqual(['unban', 'o4', 'o3', 'o2'])
    expect(await list({}, first.nextCursor, 4)).toEqual({ ids: ['o1', 'o0'], nextCursor: null })
    expect((await list({ kind: 'unban' })).ids).toEqual(['unban'])
    expect((await list({ actor: 'ada' })).ids).toHaveLength(5)
    expect((await list({ state: 'done' })).ids).toEqual(['unban'])
    expect((await list({ hostIds: [1] })).ids).toHaveLength(6)
    expect((await list({ hostIds: [2] })).ids).toEqual([])
    expect((await list({}, 'nonsense')).ids).toHaveLength(6)
  })

  it('loses old operations and those above the limit, never one that is running', async () => {
    await using database = await openTestDatabase()
    const { db } = database
    for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      await beginOperation(db, begun(id))
      if (id !== 'b') await endOperation(db, id, end({ endedAt: index * 100 }))
    }
    const ids = async () =>
      (await listOperations(db, { filter: {}, cursor: null, limit: 50 })).rows.map(({ id }) => id)
    expect(await deleteOldOperations(db, { endedBefore: 100, most: 10 })).toBe(1)
    expect(await ids()).toEqual(['e', 'd', 'c', 'b'])
    expect(await deleteOldOperations(db, { endedBefore: null, most: 2 })).toBe(1)
    expect(await ids()).toEqual(['e', 'd', 'b'])
    expect(await deleteOldOperations(db, { endedBefore: null, most: 2 })).toBe(0)
  })
})
