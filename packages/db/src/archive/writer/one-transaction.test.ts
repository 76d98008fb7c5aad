import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { ban, log, rows } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

/** A writer on a database that takes nothing into a table until it is mended. */
async function setUp(table: string) {
  const temp = await openTempWriter()
  const other = new BetterSqlite3(temp.path)
  onTestFinished(() => void other.close())
  other.exec(`create trigger broken before insert on ${table} begin select raise(abort, 'broken'); end`)
  const count = (name: string, column = 'count(*)') =>
    temp.sqlite.prepare(`select ${column} from ${name}`).pluck().get()
  return { ...temp, count, mend: () => other.exec('drop trigger broken') }
}

const cursor = { name: 'log', value: 'here' }

it.each(['jail_hours', 'country_days', 'addresses', 'events', 'cursors'])(
  'a ban, its sums, its address, its event and the place in the log are stored together or not at all: %s',
  async (table) => {
    const { writer, bans, count, mend } = await setUp(table)
    await expect(writer.ingest({ ...log(ban(1)), cursor })).rejects.toThrow('broken')
    expect(bans()).toEqual([])
    for (const name of ['events', 'addresses', 'jail_hours', 'country_hours', 'cursors'])
      expect(count(name)).toBe(0)
    mend()
    await writer.ingest({ ...log(ban(1)), cursor })
    expect(bans()).toHaveLength(1)
    expect(count('jail_hours', 'sum(bans)')).toBe(1)
    expect(count('country_days', 'sum(bans)')).toBe(1)
  },
)

it('the place in the rows of fail2ban moves with the last of them', async () => {
  const { writer, bans, count, mend } = await setUp('cursors')
  const batch = { ...rows(90, { bannedAt: 0 }), cursor }
  await expect(writer.importBans(batch)).rejects.toThrow('broken')
  expect([bans(), count('jail_days')]).toEqual([[], 0])
  mend()
  expect(await writer.importBans(batch)).toMatchObject({ added: 1 })
})

it('the place in the rows of fail2ban does not move while one of them is not stored', async () => {
  const { writer, count, mend } = await setUp('ban_lines')
  const batch = { ...rows(90, { bannedAt: 0, lines: ['a line'] }), cursor }
  await expect(writer.importBans(batch)).rejects.toThrow('broken')
  expect(count('cursors')).toBe(0)
  mend()
  await writer.importBans(batch)
  expect(await writer.getCursor(cursor.name)).toBe(cursor.value)
})
