import { appendFile, mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDaemonClock } from '../daemon-time/daemon-clock.ts'
import type { DaemonClocks } from '../daemon-time/daemon-clocks.ts'
import { utc } from '../daemon-time/zone.ts'
import { createFileTail } from './file-tail.ts'
import type { LogCursor } from './follow-log.ts'
import type { LogTail } from './log-tail.ts'
import { createTimestamper } from './timestamp-lines.ts'

const HOUR = 3_600_000
const LINES = 1_000
const start = Date.parse('2026-11-20T10:00:00Z')

/** Nobody knows which zone the daemon is in; BanGUI is in UTC. */
const clocks: DaemonClocks = {
  createForRun: () => createDaemonClock(() => [{ zone: utc, isOwn: false }]),
  createForNow: async () => createDaemonClock(() => []),
  setNewest: () => undefined,
  refresh: async () => undefined,
}

const lineAt = (at: number, offset: number) =>
  `${new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ')},000 fail2ban.actions        [7]: NOTICE  [sshd] Unban 192.0.2.1\n`

/** A log of a thousand seconds, in a zone, that was last written to a moment after its last line. */
async function createLog(offset: number) {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-tail-'))
  const path = join(folder, 'fail2ban.log')
  const moments = Array.from({ length: LINES }, (_, index) => start + index * 1000)
  const end = moments.at(-1) ?? start
  await appendFile(path, moments.map((at) => lineAt(at, offset)).join(''))
  await utimes(path, (end + 10) / 1000, (end + 10) / 1000)
  const tails: LogTail[] = []
  return {
    path,
    moments,
    end,
    open(cursor?: LogCursor, now = () => end + HOUR) {
      const timestamper = createTimestamper({ clocks, clock: now })
      const tail = createFileTail({ path, cursor, timestamper, onChange: () => undefined, clock: now })
      tails.push(tail)
      return tail
    },
    async [Symbol.asyncDispose]() {
      for (const tail of tails) await tail.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function readAll(tail: LogTail): Promise<number[]> {
  const moments: number[] = []
  for (;;) {
    const told = await tail.read()
    if (told === undefined) return moments
    moments.push(...told.map(({ at }) => at))
  }
}

describe('a log of which nobody knows the zone', () => {
  it.each([5.5, -3.5, 0])('is read as it was written, by its own time: %f hours', async (hours) => {
    await using log = await createLog(hours * HOUR)
    expect(await readAll(log.open())).toEqual(log.moments)
  })

  it('loses no line where reading is cut off before its zone is known', async () => {
    await using log = await createLog(5.5 * HOUR)
    const first = log.open()
    expect(await first.read()).toEqual([])
    expect(first.cursor()).toBeUndefined()
    expect(await readAll(log.open(first.cursor() as undefined))).toEqual(log.moments)
    await readAll(first)
    expect(first.cursor()).toMatchObject({ rest: '' })
    expect(await readAll(log.open(first.cursor() as LogCursor))).toEqual([])
  })

  it('is followed in it, and in another one where that is changed', async () => {
    await using log = await createLog(2 * HOUR)
    let now = log.end + HOUR
    const tail = log.open(undefined, () => now)
    await readAll(tail)
    for (const offset of [2 * HOUR, 2 * HOUR, HOUR, HOUR]) {
      now += HOUR
      // one reading before it is written: the end of the log was met just now
      await readAll(tail)
      await appendFile(log.path, lineAt(now, offset))
      expect(await readAll(tail)).toEqual([now])
    }
  })

  it('says nothing of zones while it knows them, and says it where it does not', async () => {
    await using log = await createLog(9 * HOUR)
    const tail = log.open()
    await readAll(tail)
    expect(tail.status().message).toBeNull()
    // somebody has copied the log: its own time is another
    await utimes(log.path, start / 1000, (log.end + 3.33 * HOUR) / 1000)
    const other = log.open()
    await readAll(other)
    expect(other.status()).toMatchObject({
      state: 'following',
      message: expect.stringContaining('time zone') as unknown,
    })
  })
})
