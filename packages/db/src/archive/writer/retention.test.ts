import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { ban, log, pair, rows, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'
import { addTestHosts } from '../../testing/test-hosts.ts'
import type { RetentionLimits } from '../archive.ts'

/** Nothing is over. */
const nothing: RetentionLimits = { bansBefore: null, linesBefore: 0, eventsBefore: 0, maxEvents: 1_000 }

async function setUp() {
  const temp = await openTempWriter()
  const { writer, sqlite } = temp
  const retain = async (limits: Partial<RetentionLimits>) => {
    for (let done = false; !done;) done = (await writer.retain({ ...nothing, ...limits })).done
  }
  const column = (query: string) => sqlite.prepare(query).pluck().all()
  return { ...temp, retain, column }
}

const failure = (at: number) =>
  ({ ...pair, type: 'failure', at: seconds(at), failedAt: seconds(at) }) as const

describe('what is kept', () => {
  it('are bans for ever where nothing else is set, and their log lines only so long', async () => {
    const { writer, bans, retain, column } = await setUp()
    await writer.importBans(
      rows(9_000, { bannedAt: 0, lines: ['old', 'too'] }, { bannedAt: 5_000, lines: ['new'] }),
    )
    await retain({ linesBefore: seconds(5_000) })
    expect(bans()).toHaveLength(2)
    expect(column('select line from ban_lines')).toEqual(['new'])
    await retain({ linesBefore: seconds(5_000) + 1 })
    expect(column('select line from ban_lines')).toEqual([])
  })

  it('are bans up to the limit itself, with their lines', async () => {
    const { writer, bans, retain, column } = await setUp()
    const lines = ['a line']
    await writer.importBans(rows(9_000, { bannedAt: 0, lines }, { bannedAt: 2_000, lines }))
    await retain({ bansBefore: seconds(2_000) })
    expect(bans()).toMatchObject([{ at: seconds(2_000) }])
    expect(column('select ban_id from ban_lines')).toEqual([bans()[0]?.id])
  })

  it('is what is known of an address as long as one of its bans is', async () => {
    const { writer, retain, column } = await setUp()
    const other = { address: '192.0.2.50' }
    const forEver = { address: '192.0.2.51', duration: -1 }
    await writer.importBans(
      rows(
        9_000,
        { bannedAt: 0 },
        { bannedAt: 3_000 },
        { ...other, bannedAt: 1_000 },
        { ...other, bannedAt: 1_500 },
        { ...forEver, bannedAt: 500 },
      ),
    )
    await retain({ bansBefore: seconds(2_000) })
    expect(column('select bans from addresses order by first_at')).toEqual([2, 1])
    expect(column('select first_at from addresses order by first_at')).toEqual([0, 500].map(seconds))
    await writer.importBans(rows(9_000, { ...other, bannedAt: 4_000 }))
    expect(column('select bans from addresses order by first_at')).toEqual([2, 1, 1])
    await retain({ bansBefore: seconds(9_000) })
    expect(column('select first_at from addresses')).toEqual([seconds(500)])
    expect(column('select sum(bans) from jail_days')).toEqual([6])
  })

  it('are the newest events, however young those before them are', async () => {
    const { writer, retain, column } = await setUp()
    await writer.ingest(log(...Array.from({ length: 10 }, (_, at) => failure(at))))
    await retain({ maxEvents: 4 })
    expect(column('select seq from events')).toEqual([7, 8, 9, 10])
  })

  it('are the events of a quiet host beside one that is attacked', async () => {
    const { writer, forHost, sqlite, path, retain, column } = await setUp()
    const writable = new BetterSqlite3(path)
    addTestHosts(writable, [2])
    writable.close()
    const other = 2
    await forHost(other).ingest(log(failure(0)))
    await writer.ingest(log(...Array.from({ length: 1_200 }, (_, at) => failure(at))))
    await retain({ maxEvents: 4 })
    expect(column(`select seq from events where host_id = ${other}`)).toEqual([1])
    expect(sqlite.prepare('select count(*) from events').pluck().get()).toBe(5)
    expect(column('select max(seq) from events')).toEqual([1_201])
  })

  it('are the counts of failures whose events have gone', async () => {
    const { writer, retain, column } = await setUp()
    await writer.ingest(log(failure(0), failure(1), ban(2)))
    await retain({ eventsBefore: seconds(100), bansBefore: seconds(100), maxEvents: 1 })
    expect(column(`select seq from events where type = 'failure.found'`)).toEqual([])
    for (const table of ['jail_hours', 'jail_days'])
      expect(column(`select sum(failures) from ${table}`)).toEqual([2])
  })
})
