import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import { deleteUndoableBans, insertUndoableBans, listUndoableBans } from './undoable-unbans.ts'

const limits = { operations: 3, bans: 5 }
const bans = (...ids: number[]) =>
  ids.map((id) => ({
    id,
    jail: 'sshd',
    address: `192.0.2.${id}`,
    until: id * 1_000,
    by: { kind: 'user' as const, name: 'ada' },
    reason: 'scans',
  }))

it('keeps the bans of an operation in their order until they are forgotten', async () => {
  await using database = await openTestDatabase()
  await insertUndoableBans(local(database.db), 'a', { bans: bans(1, 2), limits })
  await insertUndoableBans(local(database.db), 'b', { bans: bans(3), limits })
  await insertUndoableBans(local(database.db), 'a', { bans: bans(4), limits })
  expect(await listUndoableBans(local(database.db), 'a')).toEqual(bans(1, 2, 4))
  await deleteUndoableBans(local(database.db), 'a')
  expect(await listUndoableBans(local(database.db), 'a')).toEqual([])
  expect(await listUndoableBans(local(database.db), 'b')).toEqual(bans(3))
})

it('forgets the oldest operations above its limits, never the one that is under way', async () => {
  await using database = await openTestDatabase()
  const left = async () => {
    const rows = await database.db.selectFrom('undoable_unbans').select('operation').orderBy('id').execute()
    return rows.map(({ operation }) => operation)
  }
  for (const operation of ['a', 'b', 'c', 'd'])
    await insertUndoableBans(local(database.db), operation, { bans: bans(1), limits })
  expect(await left()).toEqual(['b', 'c', 'd'])
  await insertUndoableBans(local(database.db), 'd', { bans: bans(2, 3, 4), limits })
  expect(await left()).toEqual(['c', 'd', 'd'])
  await insertUndoableBans(local(database.db), 'd', { bans: bans(5, 6, 7), limits })
  expect(await left()).toEqual(['d', 'd', 'd'])
})

it('keeps the operations of each host apart, with limits of their own', async () => {
  await using database = await openTestDatabase()
  const [one, other] = [local(database.db), await addTestHost(database.db)]
  for (const host of [one, other])
    for (const operation of ['a', 'b', 'c'])
      await insertUndoableBans(host, operation, { bans: bans(1), limits })
  await deleteUndoableBans(one, 'b')
  expect(await listUndoableBans(one, 'b')).toEqual([])
  expect(await listUndoableBans(other, 'b')).toEqual(bans(1))
  expect(await listUndoableBans(one, 'a')).toEqual(bans(1))
})
