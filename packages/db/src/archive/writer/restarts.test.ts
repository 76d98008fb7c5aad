import type { DaemonBan, HostEvent } from '@bangui/shared'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { pair, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

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
  /** what is read next: the log, fail2ban's database, or nothing, and the bans whose time is over end */
  turns: fc.array(fc.constantFrom('log', 'database', 'clock'), { maxLength: 30 }),
})

type TrueBan = typeof trueBan extends fc.Arbitrary<infer TValue> ? TValue : never

/** The lines and rows of a story, oldest first; all times in whole seconds. */
function tell(bans: readonly TrueBan[]) {
  const lines: HostEvent[] = []
  const rows: DaemonBan[] = []
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
    rows.push({ ...pair, bannedAt: seconds(bannedAt), duration, times: null, attempts: 3, lines: ['a line'] })
    now = end + 1
  }
  return { lines, rows }
}

it('a ban goes on through any number of restarts, whatever is read when', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ bans, turns }) => {
      const temp = await openTempWriter()
      const { writer } = temp
      const { lines, rows } = tell(bans)
      let [line, row, now] = [0, 0, seconds(0)]
      const read = async (count: number) => {
        const events = lines.slice(line, (line += count))
        now = Math.max(now, ...events.map(({ at }) => at))
        await writer.ingest({
          events: events.map((event) => ({ event, country: 'DE', bantime: USUAL })),
          position: null,
        })
      }
      const take = async (count: number) => {
        // fail2ban has on record only what was banned until now
        const known = rows.filter(({ bannedAt }) => bannedAt <= now).slice(row, row + count)
        row += known.length
        await writer.importBans({
          bans: known.map((ban) => ({ ...ban, country: 'DE' })),
          position: null,
          now,
        })
      }
      for (const turn of turns) {
        if (turn === 'log') await read(1)
        else if (turn === 'database') await take(1)
        else await writer.endExpired(now)
      }
      await read(lines.length)
      await take(rows.length)
      const found = temp.bans()
      expect(found.map(({ at }) => at)).toEqual(rows.map(({ bannedAt }) => bannedAt))
      expect(found.map(({ active }) => active)).toEqual(rows.map(() => 0))
      expect(found.map(({ duration }) => duration)).toEqual(rows.map(({ duration }) => duration))
    }),
    { numRuns: 60 },
  )
}, 60_000)
