import { expect, it } from 'vitest'
import { insertTimers, openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import { deleteTimers, findArmedTimers, listDueTimers, type Timer } from './timers.ts'

const sshd: Timer = {
  jail: 'sshd',
  address: '192.0.2.1',
  operation: 'one',
  setAt: 10,
  endsAt: 100,
  state: 'armed',
}
const nginx: Timer = { ...sshd, jail: 'nginx', endsAt: 50, state: 'pending' }

it('lists what is due, bans that were made first, the longest overdue of them first', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const older = { ...sshd, address: '192.0.2.2', endsAt: 60 }
  await insertTimers(host, [sshd, nginx, older])
  expect(await listDueTimers(host, 49, 10)).toEqual([])
  expect(await listDueTimers(host, 100, 10)).toEqual([older, sshd, nginx])
  expect(await listDueTimers(host, 100, 1)).toEqual([older])
})

it('deletes one that was done, not one that was set anew meanwhile, nor that of another operation', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const other = { ...sshd, operation: 'other' }
  await insertTimers(host, [{ ...sshd, endsAt: 300 }, nginx, other])
  await deleteTimers(host, [sshd, nginx])
  expect(await listDueTimers(host, 1_000, 10)).toEqual([other, { ...sshd, endsAt: 300 }])
})

it('keeps those of each host apart', async () => {
  await using database = await openTestDatabase()
  const [one, other] = [local(database.db), await addTestHost(database.db)]
  await insertTimers(one, [sshd])
  await insertTimers(other, [{ ...sshd, endsAt: 300 }])
  await deleteTimers(one, [sshd])
  expect(await listDueTimers(one, 1_000, 10)).toEqual([])
  expect(await listDueTimers(other, 1_000, 10)).toEqual([{ ...sshd, endsAt: 300 }])
})

it('finds the armed ones of addresses in a jail, due or not', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  await insertTimers(host, [
    sshd,
    nginx,
    { ...sshd, address: '192.0.2.2' },
    { ...sshd, operation: 'two', state: 'pending' },
  ])
  expect(await findArmedTimers(host, 'sshd', ['192.0.2.1', '192.0.2.3'])).toEqual([sshd])
  expect(await findArmedTimers(host, 'sshd', [])).toEqual([])
})

it('takes names that are no addresses', async () => {
  await using database = await openTestDatabase()
  const host = local(database.db)
  const named = { ...sshd, address: 'a name' }
  await insertTimers(host, [named])
  expect(await listDueTimers(host, 1_000, 10)).toEqual([named])
})
