import { addressKey, type BannedBy } from '@bangui/shared'
import type BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { ban, log, pair, pending, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const worms: BannedBy = { kind: 'blocklist', name: 'worms', list: 4 }

/** The counts by origin, from the roll-ups and from the bans themselves. */
function counts(sqlite: BetterSqlite3.Database) {
  const all = (text: string) => sqlite.prepare(text).all()
  const rolledUp = (table: string, sum: string) =>
    all(`select origin, sum(${sum}) as count from ${table} group by origin having count <> 0 order by origin`)
  const bans = all(
    'select origin, count(*) as count from bans group by origin having count <> 0 order by origin',
  )
  const firsts = all(
    'select first_origin as origin, count(*) as count from addresses group by origin order by origin',
  )
  for (const table of ['jail_hours', 'jail_days']) {
    expect(rolledUp(table, 'bans')).toEqual(bans)
    expect(rolledUp(table, 'new_addresses')).toEqual(firsts)
  }
  for (const table of ['country_hours', 'country_days']) expect(rolledUp(table, 'bans')).toEqual(bans)
  return bans
}

it('a ban of a blocklist is stored and counted as that of the list', async () => {
  const { writer, bans, sqlite } = await openTempWriter()
  await writer.addPendingActions([pending('ban', { by: worms, operation: 'import' })])
  const [event] = await writer.ingest(log(ban(1)))
  expect(event).toMatchObject({ event: { type: 'ban.added', by: worms } })
  expect(bans()).toMatchObject([{ by_kind: 'blocklist', by_name: 'worms', origin: 4 }])
  expect(counts(sqlite)).toEqual([{ origin: 4, count: 1 }])
})

it('a ban whose author is corrected counts for the other author, as does its address', async () => {
  const { writer, sqlite } = await openTempWriter()
  await writer.addPendingActions([pending('ban', { by: worms, operation: 'import' })])
  await writer.ingest(log(ban(1)))
  await writer.importBans(rows(2, { bannedAt: 1, attempts: 5 }))
  expect(counts(sqlite)).toEqual([{ origin: 0, count: 1 }])
  await writer.ingest(log(unban(10), ban(4_000)))
  await writer.importBans(rows(4_001, { bannedAt: 4_000, attempts: 0 }))
  expect(counts(sqlite)).toEqual([
    { origin: -1, count: 1 },
    { origin: 0, count: 1 },
  ])
})

it('an unanswered ban, an older one from the database, and a country that comes later keep the counts right', async () => {
  const { writer, sqlite } = await openTempWriter(undefined, () => seconds(20_000))
  await writer.addPendingActions([pending('ban', { by: worms, operation: 'import', at: seconds(9_990) })])
  const line = { ...log(ban(10_000)), events: [{ event: ban(10_000), country: null, bantime: 600 }] }
  await writer.ingest(line)
  await writer.importBans(rows(10_001, { bannedAt: 3_000, attempts: 5 }))
  expect(counts(sqlite)).toEqual([
    { origin: 0, count: 1 },
    { origin: 4, count: 1 },
  ])
  await writer.setCountries([{ address: pair.address, country: 'FR' }])
  counts(sqlite)
  const places = sqlite
    .prepare('select country, origin, bans from country_days where bans <> 0 order by country')
    .all()
  expect(places).toEqual([
    { country: 'DE', origin: 0, bans: 1 },
    { country: 'FR', origin: 4, bans: 1 },
  ])
})

it('a ban that is put back after an unban counts once, for its author', async () => {
  const { writer, bans, sqlite } = await openTempWriter()
  await writer.addPendingActions([pending('ban', { by: worms, operation: 'import' })])
  await writer.ingest(log(ban(1), unban(4_000)))
  const [first] = bans()
  const undo = pending('ban', { operation: 'undo', by: worms, restores: first?.id, at: seconds(8_000) })
  await writer.addPendingActions([undo])
  await writer.ingest(log(ban(8_001)))
  expect(bans()).toMatchObject([{ by_name: 'worms', origin: 4, active: 1 }])
  expect(counts(sqlite)).toEqual([{ origin: 4, count: 1 }])
  // its record has failures: fail2ban had banned it meanwhile
  await writer.importBans(rows(8_002, { bannedAt: 8_001, attempts: 3 }))
  expect(counts(sqlite)).toEqual([{ origin: 0, count: 1 }])
})

it('what is kept of an address knows the origin of its first ban', async () => {
  const { writer, sqlite } = await openTempWriter()
  await writer.importBans(rows(9_000, { bannedAt: 8_000, attempts: 0 }, { bannedAt: 1_000, attempts: 4 }))
  const origin = sqlite
    .prepare('select first_origin from addresses where address = ?')
    .pluck()
    .get(addressKey(pair.address))
  expect(origin).toBe(0)
  counts(sqlite)
})
