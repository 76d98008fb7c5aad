import type { DaemonBan, HostEvent, StoredEvent } from '@bangui/shared'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { pair, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'
import type { ArchiveWriter } from '../writer-port.ts'

/** What the jail's setting makes one expect; the record may say otherwise. */
const USUAL = 600

/** A ban as it was: told so long after its last failure, restored so often while it lasted, over by itself or by hand. */
const trueBan = fc.record({
  pause: fc.integer({ min: 5, max: 5_000 }),
  delay: fc.integer({ min: 0, max: 50 }),
  duration: fc.constantFrom(120, USUAL, 90_000, -1),
  unbanned: fc.boolean(),
  restarts: fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 3 }),
})

const story = fc.record({
  bans: fc.array(trueBan, { minLength: 1, maxLength: 4 }),
  /** fail2ban does one thing more, or it is read: its log, its database, its list */
  turns: fc.array(fc.constantFrom('world', 'log', 'database', 'list'), { maxLength: 60 }),
})

type TrueBan = typeof trueBan extends fc.Arbitrary<infer TValue> ? TValue : never

/** A ban of the story: fail2ban's row of it, and from when to when it is in its list. */
interface Told {
  readonly row: DaemonBan
  readonly from: number
  readonly to: number
}

function tell(bans: readonly TrueBan[]) {
  const lines: HostEvent[] = []
  const told: Told[] = []
  let now = 0
  for (const { pause, delay, duration, unbanned, restarts } of bans) {
    const bannedAt = now + pause
    const line = bannedAt + delay
    const over = duration === -1 ? Number.POSITIVE_INFINITY : bannedAt + duration
    const end = unbanned || duration === -1 ? Math.min(line + 30 + delay * 90, over) : over
    lines.push({ ...pair, type: 'ban', at: seconds(line), restored: false })
    for (const part of restarts.toSorted((one, other) => one - other)) {
      const at = line + Math.floor(((end - line) * part) / 1000)
      if (at > line && at < end) lines.push({ ...pair, type: 'ban', at: seconds(at), restored: true })
    }
    lines.push({ ...pair, type: 'unban', at: seconds(end) })
    const row = {
      ...pair,
      bannedAt: seconds(bannedAt),
      duration,
      times: null,
      attempts: 3,
      lines: ['a line'],
    }
    told.push({ row, from: seconds(line), to: seconds(end) })
    now = end + 1
  }
  return { lines, told }
}

/** A fail2ban in the middle of its story, and how far each of its sources was read; the log goes back to the `first` line. */
function createReading(writer: ArchiveWriter, { lines, told }: ReturnType<typeof tell>, first = 0) {
  let [now, world, line, row] = [lines[first - 1]?.at ?? seconds(0), first, first, 0]
  const begin = now
  const events: StoredEvent[] = []
  return {
    events,
    /** the bans that began after the reading */
    later: told.filter(({ from }) => from > begin),
    async world() {
      world = Math.min(world + 1, lines.length)
      now = lines[world - 1]?.at ?? now
    },
    async log() {
      const event = line < world ? lines[line++] : undefined
      if (!event) return
      const item = { event, country: 'DE', bantime: USUAL }
      events.push(...(await writer.ingest({ events: [item], cursor: null })))
    },
    async database() {
      const next = told[row]
      if (!next || next.from > now) return
      row += 1
      const bans = [{ ...next.row, country: 'DE' }]
      // what was there before BanGUI is no news
      const result = await writer.importBans({ bans, cursor: null, now, emit: next.from > begin })
      events.push(...(result.events ?? []))
    },
    async list() {
      const inForce = told.filter(({ from, to }) => from <= now && now < to)
      const bans = inForce.map(({ row: { address, bannedAt, duration } }) => ({
        address,
        bannedAt,
        duration,
      }))
      const { events: stored } = await writer.syncActive(
        pair.jail,
        bans.map((ban) => ({ ...ban, country: null })),
        { asOf: now, reason: 'unknown' },
      )
      events.push(...stored)
    },
  }
}

it('a ban goes on through any number of restarts, and ends once, whatever is read when', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ bans, turns }) => {
      const temp = await openTempWriter()
      const truth = tell(bans)
      const reading = createReading(temp.writer, truth)
      for (const turn of turns) await reading[turn]()
      for (const turn of ['world', 'log', 'database'] as const)
        for (const _each of truth.lines) await reading[turn]()
      const found = temp.bans()
      expect(found.map(({ at }) => at)).toEqual(truth.told.map(({ row }) => row.bannedAt))
      expect(found.map(({ duration }) => duration)).toEqual(truth.told.map(({ row }) => row.duration))
      expect(found.map(({ active }) => active)).toEqual(truth.told.map(() => 0))
      expect(found.map(({ times }) => times)).toEqual(truth.told.map((_ban, index) => index + 1))
    }),
    { numRuns: 30 },
  )
})

it('only bans that begin after the first start are told, restored or not, whatever is read when', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.nat(20), async ({ bans, turns }, first) => {
      const temp = await openTempWriter()
      const truth = tell(bans)
      const reading = createReading(temp.writer, truth, first % truth.lines.length)
      const readAll = async () => {
        for (const _each of truth.told) await reading.database()
      }
      for (const turn of turns) {
        // what the list has is compared after the database was read
        if (turn === 'list') await readAll()
        await reading[turn]()
      }
      for (const turn of ['world', 'log', 'database'] as const)
        for (const _each of truth.lines) await reading[turn]()
      const told = reading.events.flatMap(({ event }) => (event.type === 'ban.added' ? [event] : []))
      // by its line, or by its record, which may be read after what came later
      const isLater = ({ at, until }: (typeof told)[number]) =>
        reading.later.some(({ row: { bannedAt, duration }, from }) => {
          const end = duration < 0 ? null : bannedAt + duration * 1000
          return at === bannedAt || at === from || until === end
        })
      expect(told.filter((event) => !isLater(event))).toEqual([])
    }),
    { numRuns: 30 },
  )
})
