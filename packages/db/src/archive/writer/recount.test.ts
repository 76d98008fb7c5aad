import type BetterSqlite3 from 'better-sqlite3'
import type { HostEvent } from '@bangui/shared'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openTempWriter } from '../../testing/temp-writer.ts'
import type { ArchiveWriter, ImportBatch } from '../writer-port.ts'

const start = Date.UTC(2026, 4, 1, 21, 30)
const durations = [60, 600, 86_400, -1]
const jails = ['sshd', 'mail']
const addresses = ['203.0.113.7', '203.0.113.8', '2001:db8::7']

/** One ban as it really was: after a pause, told so much later, over by itself or by hand. */
const trueBan = fc.record({
  pause: fc.integer({ min: 1, max: 5000 }),
  delay: fc.integer({ min: 0, max: 55_000 }),
  duration: fc.constantFrom(...durations),
  unbanned: fc.boolean(),
  failures: fc.nat(2),
})
const story = fc.record({
  pairs: fc.array(fc.array(trueBan, { maxLength: 4 }), { minLength: 6, maxLength: 6 }),
  /** whether the log or fail2ban's database is read next, and how much of it */
  turns: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5 })), { maxLength: 30 }),
  located: fc.boolean(),
})

type Row = ImportBatch['bans'][number]
interface Truth {
  readonly events: HostEvent[]
  readonly rows: Row[]
}

function tell(
  pairs: readonly (readonly (typeof trueBan extends fc.Arbitrary<infer T> ? T : never)[])[],
): Truth {
  const events: HostEvent[] = []
  const rows: Row[] = []
  for (const [index, bans] of pairs.entries()) {
    const pair = { jail: jails[index % 2] ?? '', address: addresses[index >> 1] ?? '' }
    let now = start
    for (const { pause, delay, duration, unbanned, failures } of bans) {
      const bannedAt = now + pause * 1000
      const line = bannedAt + delay
      for (let count = 0; count < failures; count++)
        events.push({ ...pair, type: 'failure', at: bannedAt, failedAt: bannedAt })
      events.push({ ...pair, type: 'ban', at: line, restored: false })
      rows.push({
        ...pair,
        bannedAt,
        duration,
        times: null,
        attempts: 3,
        lines: ['a line'],
        country: countryOf(pair.address),
      })
      const byHand = unbanned || duration === -1
      now = Math.ceil((byHand ? line + 1000 : bannedAt + duration * 1000) / 1000) * 1000
      events.push({ ...pair, type: 'unban', at: now })
    }
  }
  return {
    events: events.toSorted((a, b) => a.at - b.at),
    rows: rows.toSorted((a, b) => a.bannedAt - b.bannedAt),
  }
}

const countryOf = (address: string) => (address.includes(':') ? null : 'DE')

async function play(
  writer: ArchiveWriter,
  { events, rows }: Truth,
  turns: readonly (readonly [boolean, number])[],
) {
  const ingest = (part: readonly HostEvent[]) =>
    writer.ingest({
      events: part.map((event) => ({
        event,
        country: 'address' in event ? countryOf(event.address ?? '') : null,
        bantime: 600,
      })),
      cursor: null,
    })
  const take = (bans: readonly Row[]) => writer.importBans({ bans, cursor: null, now: start + 60_000_000 })
  let [event, row] = [0, 0]
  for (const [fromLog, count] of turns) {
    if (fromLog) await ingest(events.slice(event, (event += count)))
    else await take(rows.slice(Math.max(0, row - 1), (row += count)))
  }
  await ingest(events.slice(event))
  await take(rows.slice(row))
  await take(rows)
}

const hour = 3_600_000
const recounts = [
  ...[hour, 24 * hour].map((unit) => {
    const [name, starts] = [
      unit === hour ? 'hours' : 'days',
      (column: string) => `${column} / ${unit} * ${unit}`,
    ]
    return [
      `select start, jail_id, bans, failures, new_addresses from jail_${name}
        where bans <> 0 or failures <> 0 or new_addresses <> 0 order by 1, 2`,
      `select start, jail_id, sum(b), sum(f), sum(n) from (
        select ${starts('at')} as start, jail_id, 1 as b, 0 as f, 0 as n from bans
        union all select ${starts('at')}, archive_jails.id, 0, 1, 0 from events
          join archive_jails on name = jail where type = 'failure.found'
        union all select ${starts('first_at')}, first_jail_id, 0, 0, 1 from addresses) group by 1, 2 order by 1, 2`,
    ] as const
  }),
  ...[hour, 24 * hour].map(
    (unit) =>
      [
        `select start, country, bans from country_${unit === hour ? 'hours' : 'days'} where bans <> 0 order by 1, 2`,
        `select at / ${unit} * ${unit}, country, count(*) from bans group by 1, 2 order by 1, 2`,
      ] as const,
  ),
  [
    'select address, bans, first_at, last_at from addresses order by 1',
    'select address, count(*), min(at), max(at) from bans group by 1 order by 1',
  ] as const,
]

const rawRows = (sqlite: BetterSqlite3.Database, text: string) => sqlite.prepare(text).raw().all()

describe('the archive', () => {
  it('has each ban once and right sums, in whichever order log and database are read', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ pairs, turns, located }) => {
        const { writer, sqlite, bans } = await openTempWriter()
        const truth = tell(pairs)
        await play(writer, truth, turns)
        if (located) await writer.setCountries([{ address: '2001:db8::7', country: 'FR' }])
        const found = bans().map(({ jail, address, at }) => `${jail} ${address} ${at}`)
        const wanted = truth.rows.map(({ jail, address, bannedAt }) => `${jail} ${address} ${bannedAt}`)
        expect(found.toSorted()).toEqual(wanted.toSorted())
        for (const [kept, counted] of recounts)
          expect(rawRows(sqlite, kept)).toEqual(rawRows(sqlite, counted))
        expect(bans().filter(({ active }) => active === 1)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
