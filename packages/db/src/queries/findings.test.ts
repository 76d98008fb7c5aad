import { describe, expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import { acceptFinding, listAcceptedFindings } from './accepted-findings.ts'
import {
  deleteOldFindings,
  listEndedFindings,
  listOpenFindings,
  saveFindings,
  type FindingRecord,
} from './findings.ts'

const finding = (id: string, over: Partial<FindingRecord> = {}) => ({
  id,
  check: 'log-gone',
  severity: 'critical' as const,
  jail: 'sshd',
  content: { title: id },
  since: 1_000,
  lastSeen: 1_000,
  ...over,
})

describe('a finding', () => {
  it('keeps its beginning while it is seen again, and has the newest content', async () => {
    await using database = await openTestDatabase()
    const hostDb = local(database.db)
    await saveFindings(hostDb, { seen: [finding('a')], ended: [], now: 1_000 })
    const later = finding('a', { severity: 'warning', content: 'newer', since: 5_000, lastSeen: 5_000 })
    await saveFindings(hostDb, { seen: [later], ended: [], now: 5_000 })
    expect(await listOpenFindings(hostDb)).toEqual([
      { ...finding('a'), severity: 'warning', content: 'newer', lastSeen: 5_000, until: null },
    ])
  })

  it('that ends and comes back is there twice: once in the past', async () => {
    await using database = await openTestDatabase()
    const hostDb = local(database.db)
    await saveFindings(hostDb, { seen: [finding('a'), finding('b')], ended: [], now: 1_000 })
    await saveFindings(hostDb, { seen: [], ended: ['a'], now: 2_000 })
    const again = finding('a', { since: 3_000, lastSeen: 3_000 })
    await saveFindings(hostDb, { seen: [again], ended: [], now: 3_000 })
    expect(await listOpenFindings(hostDb)).toEqual([
      { ...finding('b'), until: null },
      { ...again, until: null },
    ])
    expect(await listEndedFindings(hostDb, 10)).toEqual([{ ...finding('a'), until: 2_000 }])
  })

  it('takes an acceptance without an end with it when it ends, and leaves one that has an end', async () => {
    await using database = await openTestDatabase()
    const hostDb = local(database.db)
    await saveFindings(hostDb, { seen: [finding('a'), finding('b')], ended: [], now: 1_000 })
    const accepted = { by: 'ada', reason: 'planned', at: 1_500 }
    await acceptFinding(hostDb, { finding: 'a', ...accepted, until: null })
    await acceptFinding(hostDb, { finding: 'b', ...accepted, until: 9_000 })
    await saveFindings(hostDb, { seen: [], ended: ['a', 'b'], now: 2_000 })
    expect(await listAcceptedFindings(hostDb)).toEqual([{ finding: 'b', ...accepted, until: 9_000 }])
  })

  it('of one host is none of another', async () => {
    await using database = await openTestDatabase()
    const [one, other] = [local(database.db), await addTestHost(database.db)]
    await saveFindings(one, { seen: [finding('a')], ended: [], now: 1_000 })
    await saveFindings(other, { seen: [finding('a', { jail: null })], ended: [], now: 1_000 })
    await saveFindings(one, { seen: [], ended: ['a'], now: 2_000 })
    expect(await listOpenFindings(one)).toEqual([])
    expect(await listOpenFindings(other)).toEqual([{ ...finding('a', { jail: null }), until: null }])
    expect(await listEndedFindings(other, 10)).toEqual([])
  })

  it('is stored with all others of its run or not at all', async () => {
    await using database = await openTestDatabase()
    const hostDb = local(database.db)
    const bad = finding('b', { severity: 'unheard of' as never })
    await expect(saveFindings(hostDb, { seen: [finding('a'), bad], ended: [], now: 1 })).rejects.toThrow()
    expect(await listOpenFindings(hostDb)).toEqual([])
  })
})

describe('deleteOldFindings', () => {
  it('deletes those that ended long ago and those above the limit, and none that is there', async () => {
    await using database = await openTestDatabase()
    const hostDb = local(database.db)
    const ids = ['a', 'b', 'c', 'd', 'open']
    await saveFindings(hostDb, { seen: ids.map((id) => finding(id)), ended: [], now: 1_000 })
    for (const [index, id] of ids.slice(0, 4).entries())
      await saveFindings(hostDb, { seen: [], ended: [id], now: 2_000 + index })
    expect(await deleteOldFindings(database.db, { endedBefore: 2_001, most: 2 })).toBe(2)
    expect((await listEndedFindings(hostDb, 10)).map(({ id }) => id)).toEqual(['d', 'c'])
    expect(await deleteOldFindings(database.db, { endedBefore: null, most: 1 })).toBe(1)
    expect((await listOpenFindings(hostDb)).map(({ id }) => id)).toEqual(['open'])
  })
})
