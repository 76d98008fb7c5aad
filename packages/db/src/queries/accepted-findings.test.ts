import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import {
  acceptFinding,
  deleteAcceptedFinding,
  deleteExpiredAcceptances,
  listAcceptedFindings,
} from './accepted-findings.ts'

const accepted = (finding: string, until: number | null = null) => ({
  finding,
  by: 'ada',
  reason: 'known',
  at: 1_000,
  until,
})

it('an acceptance replaces the one before and can be taken back', async () => {
  await using database = await openTestDatabase()
  const hostDb = local(database.db)
  await acceptFinding(hostDb, accepted('a'))
  const newer = { ...accepted('a', 9_000), by: 'grace', reason: 'until the migration' }
  await acceptFinding(hostDb, newer)
  expect(await listAcceptedFindings(hostDb)).toEqual([newer])
  await deleteAcceptedFinding(hostDb, 'a')
  await deleteAcceptedFinding(hostDb, 'unknown')
  expect(await listAcceptedFindings(hostDb)).toEqual([])
})

it('acceptances that are over are deleted, and those without an end are kept', async () => {
  await using database = await openTestDatabase()
  const hostDb = local(database.db)
  for (const one of [accepted('a', 2_000), accepted('b', 3_000), accepted('c')])
    await acceptFinding(hostDb, one)
  await deleteExpiredAcceptances(hostDb, 3_000)
  expect((await listAcceptedFindings(hostDb)).map(({ finding }) => finding)).toEqual(['b', 'c'])
})

it('an acceptance on one host is none on another', async () => {
  await using database = await openTestDatabase()
  const [one, other] = [local(database.db), await addTestHost(database.db)]
  await acceptFinding(one, accepted('a'))
  await acceptFinding(other, accepted('a', 5_000))
  await deleteAcceptedFinding(one, 'a')
  expect(await listAcceptedFindings(one)).toEqual([])
  expect(await listAcceptedFindings(other)).toEqual([accepted('a', 5_000)])
})
