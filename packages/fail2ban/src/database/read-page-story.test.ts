import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPage } from './read-page.ts'
import { createTestDatabase, type TestDatabase } from './testing/fail2ban-database.ts'

const start = 1_795_201_200
const file = 'one file'

/** What fail2ban does to its table, and how far it was read. */
function createStory({ database, insert }: TestDatabase) {
  let [time, purged] = [start, start]
  let cursor: string | null = null
  const seen = new Set<string>()
  const keysOf = (rows: readonly { address: string; bannedAt: number }[]) =>
    rows.map(({ address, bannedAt }) => `${address} ${bannedAt / 1000}`)
  return {
    seen,
    present: () => database.prepare(`select ip || ' ' || timeofban from bans`).pluck().all() as string[],
    ban(n: number) {
      for (let more = 0; more <= n % 7; more++)
        insert('bans', [{ ip: `10.0.0.${(n + more) % 20}`, timeofban: ++time }])
    },
    /** an unban takes every ban of the address out of the table */
    unban: (n: number) => void database.prepare('delete from bans where ip = ?').run(`10.0.0.${n % 20}`),
    purge(n: number) {
      purged = Math.min(time, purged + n)
      database.prepare('delete from bans where timeofban < ?').run(purged)
    },
    empty: () => void database.exec('delete from bans'),
    vacuum: () => void database.exec('vacuum'),
    read(n: number) {
      const page = readPage(database, file, { table: 'bans', cursor, limit: 1 + (n % 5), now: start * 1000 })
      for (const key of keysOf(page.rows)) seen.add(key)
      cursor = page.cursor
      return page.done
    },
  }
}

const turns = fc.array(
  fc.tuple(fc.constantFrom('ban', 'ban', 'unban', 'purge', 'empty', 'vacuum', 'read', 'read'), fc.nat(40)),
  { maxLength: 60 },
)

const rowidsGivenAgain: ['ban' | 'read' | 'empty', number][] = [
  ['ban', 3],
  ['read', 4],
  ['empty', 0],
  ['ban', 5],
]

it('no ban that fail2ban has on record is passed over, whatever it deletes meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (story) => {
      await using database = await createTestDatabase()
      const at = createStory(database)
      for (const [turn, n] of story) at[turn](n)
      for (let reads = 0; !at.read(4); reads++) expect(reads).toBeLessThan(500)
      expect(at.present().filter((key) => !at.seen.has(key))).toEqual([])
    }),
    { numRuns: 100, examples: [[rowidsGivenAgain]] },
  )
})
