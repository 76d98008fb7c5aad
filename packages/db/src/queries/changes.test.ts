import type { ChangeRecord } from '@bangui/shared'
import { expect, it } from 'vitest'
import type { Db } from '../database.ts'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import {
  findChange,
  findHistoryRow,
  findHostOfChange,
  insertChanges,
  listChanges,
  listChangesSince,
  setChangeState,
} from './changes.ts'
import { beginOperation } from './operations.ts'
import { saveRuntimeState } from './runtime-state.ts'

const DAY = 86_400_000

const changeOf = (id: string, change: Partial<ChangeRecord> = {}): ChangeRecord => ({
  id,
  operationId: 'o1',
  title: 'Activating jail sshd',
  note: null,
  files: ['/etc/fail2ban/jail.local'],
  load: [{ jail: 'sshd', how: 'start' }],
  expect: { before: ['web'], running: ['sshd'], stopped: [] },
  state: 'prepared',
  createdAt: 1,
  ...change,
})

const idsOf = async (db: Db) => (await db.selectFrom('changes').select('id').execute()).map(({ id }) => id)

it('returns a change as it was stored, with its latest state, to its own host only', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const other = await addTestHost(database.db)
  expect(await insertChanges(host, [changeOf('a'), changeOf('b', { operationId: null })], 1)).toEqual([])
  await setChangeState(host, 'a', { state: 'applied' })
  await setChangeState(other, 'b', { state: 'failed' })
  expect(await findChange(host, 'a')).toEqual(changeOf('a', { state: 'applied' }))
  expect(await findChange(host, 'b')).toEqual(changeOf('b', { operationId: null }))
  expect(await findChange(other, 'a')).toBeUndefined()
})

it('keeps a change that is stored already as it is', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  await insertChanges(host, [changeOf('a')], 1)
  await insertChanges(host, [changeOf('a', { operationId: null, title: 'other' })], 1)
  expect(await findChange(host, 'a')).toEqual(changeOf('a'))
})

it('keeps the last hundred changes and those of ninety days, and returns which it deletes', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const deleted: string[] = []
  for (let index = 0; index < 120; index++) {
    const createdAt = index < 20 ? index * DAY : (110 + (index % 2)) * DAY + index
    deleted.push(
      ...(await insertChanges(
        local(db),
        [changeOf(`change-${index}`, { createdAt, state: 'applied' })],
        200 * DAY,
      )),
    )
  }
  expect(await idsOf(db)).toHaveLength(100)
  expect(deleted.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `change-${index}`).toSorted())
  expect(await insertChanges(local(db), [changeOf('new', { createdAt: 200 * DAY })], 200 * DAY)).toEqual([])
  expect(await idsOf(db)).toHaveLength(101)
})

it('keeps an old change that is being applied, is waited for, or was just stored', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const host = local(db)
  for (const id of ['applying', 'pending', 'activation', 'plain'])
    await insertChanges(
      host,
      [changeOf(id, { createdAt: 0, state: id === 'applying' ? 'applying' : 'applied' })],
      0,
    )
  const recovery = {
    jailName: 'sshd',
    activatedAt: 0,
    detectedAt: 0,
    recovered: false,
    cause: 'crashed',
  } as const
  await saveRuntimeState(host, {
    pendingRecovery: { ...recovery, missingJails: [], changeId: 'pending' },
    lastActivation: { jailName: 'sshd', at: 0, changeId: 'activation' },
    lastActivationConfirmed: false,
    online: true,
    now: 0,
  })
  const later = 200 * DAY
  for (let index = 0; index < 100; index++)
    await insertChanges(host, [changeOf(`new-${index}`, { createdAt: later })], later)
  await insertChanges(host, [changeOf('late', { createdAt: 0 })], later)
  const ids = await idsOf(db)
  expect(ids).toEqual(expect.arrayContaining(['applying', 'pending', 'activation', 'late']))
  expect(ids).not.toContain('plain')
})

it('keeps the newest 100 loads, which push out no change with files', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const loads = Array.from({ length: 150 }, (_, index) =>
    changeOf(`load-${index}`, { files: [], createdAt: index + 2 }),
  )
  await insertChanges(host, [changeOf('edit')], 1)
  await insertChanges(host, loads, 200 * DAY)
  await insertChanges(host, [changeOf('last', { createdAt: 200 * DAY })], 200 * DAY)
  const ids = await idsOf(database.db)
  expect(ids).toEqual(expect.arrayContaining(['edit', 'last', 'load-50', 'load-149']))
  expect(ids).toHaveLength(102)
})

it('lists the changes in force since a change, the newest first, without those that undid another one', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const actor = { kind: 'user', name: 'Ada' } as const
  const title = 'A change'
  for (const [id, kind] of [
    ['o1', 'config.apply'],
    ['o2', 'undo'],
    ['o3', 'config.revert'],
  ] as const)
    await beginOperation(database.db, {
      id,
      hostId: host.hostId,
      kind,
      actor,
      title,
      params: null,
      total: null,
      undoes: null,
      startedAt: 1,
    })
  const at = (createdAt: number, change: Partial<ChangeRecord> = {}) =>
    changeOf(`c${createdAt}`, { state: 'applied', createdAt, ...change })
  const changes = [
    at(1),
    at(2),
    at(3, { operationId: 'o2' }),
    at(4, { operationId: 'o3' }),
    at(5, { state: 'reverted' }),
    at(6, { operationId: null }),
    at(7),
  ]
  await insertChanges(host, changes, 9)
  const later = await listChangesSince(host, at(2))
  expect(later.map(({ id }) => id)).toEqual(['c7', 'c6'])
})

it('lists the changes of a host page by page, the newest first, with who made them', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const other = await addTestHost(database.db)
  await beginOperation(database.db, {
    id: 'o1',
    hostId: host.hostId,
    kind: 'config.apply',
    actor: { kind: 'user', name: 'Ada' },
    title: 'Changing the configuration',
    params: null,
    total: null,
    undoes: null,
    startedAt: 1,
  })
  const made = [
    changeOf('a', { state: 'applied', note: 'For the audit' }),
    changeOf('b', { state: 'reverted', operationId: null, createdAt: 2 }),
    changeOf('c', { state: 'failed', createdAt: 2 }),
    changeOf('d', { createdAt: 3 }),
    // a load without files is an operation alone
    changeOf('e', { state: 'applied', createdAt: 3, files: [] }),
  ]
  await insertChanges(host, made, 3)
  await insertChanges(other, [changeOf('f', { state: 'applied' })], 3)
  const { rows, nextCursor } = await listChanges(host, { cursor: null, limit: 2 })
  expect(rows.map(({ id, actor }) => [id, actor])).toEqual([
    ['c', { kind: 'user', name: 'Ada' }],
    ['b', null],
  ])
  expect(await listChanges(host, { cursor: nextCursor, limit: 2 })).toEqual({
    rows: [
      {
        id: 'a',
        at: 1,
        actor: { kind: 'user', name: 'Ada' },
        title: 'Activating jail sshd',
        note: 'For the audit',
        state: 'applied',
        files: ['/etc/fail2ban/jail.local'],
        operationId: 'o1',
        outside: false,
      },
    ],
    nextCursor: null,
  })
  expect(await findHostOfChange(database.db, 'f')).toBe(other.hostId)
  expect(await findHostOfChange(database.db, 'none')).toBeUndefined()
})

it('has a change of somebody else, and what fail2ban said about one of BanGUI', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const outside = changeOf('a', { operationId: null, load: [], state: 'applied', outside: true })
  await insertChanges(host, [outside, changeOf('b', { createdAt: 2 })], 2)
  await setChangeState(host, 'b', { state: 'failed', output: 'no such filter' })
  await setChangeState(host, 'b', { state: 'reverted' })
  expect(await findChange(host, 'a')).toEqual(outside)
  const { rows } = await listChanges(host, { cursor: null, limit: 5 })
  expect(rows.map((row) => [row.id, row.outside])).toEqual([
    ['b', false],
    ['a', true],
  ])
  expect(await findHistoryRow(host, 'b')).toEqual({ row: rows[0], output: 'no such filter' })
  expect(await findHistoryRow(await addTestHost(database.db), 'b')).toBeUndefined()
})
