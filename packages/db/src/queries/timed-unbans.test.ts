import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import {
  deleteTimedUnbans,
  findTimedUnbans,
  insertTimedUnbans,
  listDueUnbans,
  nextDueUnban,
} from './timed-unbans.ts'

const sshd = { jail: 'sshd', address: '192.0.2.1', dueAt: 100, createdAt: 10 }
const nginx = { jail: 'nginx', address: '192.0.2.1', dueAt: 50, createdAt: 10 }

it('lists what is due, the longest overdue first', async () => {
  await using database = await openTestDatabase()
  await insertTimedUnbans(local(database.db), [sshd, nginx])
  expect(await nextDueUnban(local(database.db))).toBe(50)
  expect(await listDueUnbans(local(database.db), 49, 10)).toEqual([])
  expect(await listDueUnbans(local(database.db), 100, 10)).toEqual([nginx, sshd])
  expect(await listDueUnbans(local(database.db), 100, 1)).toEqual([nginx])
})

it('takes the new time of a pair that waits', async () => {
  await using database = await openTestDatabase()
  await insertTimedUnbans(local(database.db), [sshd])
  await insertTimedUnbans(local(database.db), [{ ...sshd, dueAt: 300 }])
  expect(await listDueUnbans(local(database.db), 1000, 10)).toEqual([{ ...sshd, dueAt: 300 }])
})

it('forgets one that was done, not one that was set anew meanwhile', async () => {
  await using database = await openTestDatabase()
  await insertTimedUnbans(local(database.db), [{ ...sshd, dueAt: 300 }, nginx])
  await deleteTimedUnbans(local(database.db), [sshd, nginx])
  expect(await listDueUnbans(local(database.db), 1000, 10)).toEqual([{ ...sshd, dueAt: 300 }])
  await deleteTimedUnbans(local(database.db), [{ jail: 'sshd', address: '192.0.2.1' }])
  expect(await nextDueUnban(local(database.db))).toBeUndefined()
})

it('finds those of addresses in a jail, due or not', async () => {
  await using database = await openTestDatabase()
  await insertTimedUnbans(local(database.db), [sshd, nginx, { ...sshd, address: '192.0.2.2' }])
  expect(await findTimedUnbans(local(database.db), 'sshd', ['192.0.2.1', '192.0.2.3'])).toEqual([sshd])
  expect(await findTimedUnbans(local(database.db), 'sshd', [])).toEqual([])
})

it('takes as many as a pasted list has', async () => {
  await using database = await openTestDatabase()
  const many = Array.from({ length: 50_000 }, (_, index) => ({ ...sshd, address: `a${index}` }))
  await insertTimedUnbans(local(database.db), many)
  const addresses = many.map(({ address }) => address)
  expect(await findTimedUnbans(local(database.db), 'sshd', addresses)).toHaveLength(50_000)
  await deleteTimedUnbans(local(database.db), many)
  expect(await nextDueUnban(local(database.db))).toBeUndefined()
})

it('keeps those of each host apart', async () => {
  await using database = await openTestDatabase()
  const [one, other] = [local(database.db), await addTestHost(database.db)]
  await insertTimedUnbans(one, [sshd])
  expect(await nextDueUnban(other)).toBeUndefined()
  await insertTimedUnbans(other, [{ ...sshd, dueAt: 300 }])
  expect(await findTimedUnbans(one, 'sshd', ['192.0.2.1'])).toEqual([sshd])
  await deleteTimedUnbans(one, [{ jail: 'sshd', address: '192.0.2.1' }])
  expect(await listDueUnbans(one, 1000, 10)).toEqual([])
  expect(await listDueUnbans(other, 1000, 10)).toEqual([{ ...sshd, dueAt: 300 }])
})
