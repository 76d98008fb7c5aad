import type { Event, HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { log, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const came = (at: number, pid: number | null, version = '1.0.2') =>
  ({ type: 'daemon', at: seconds(at), online: true, version, pid }) satisfies HostEvent
const went = (at: number, pid: number | null) =>
  ({ type: 'daemon', at: seconds(at), online: false, version: null, pid }) satisfies HostEvent
const seen = ({ at, online, version, pid }: ReturnType<typeof came | typeof went>): Event => ({
  type: 'daemon.changed',
  at,
  online,
  version,
  pid,
})

/** What was told, as `+ pid` and `- pid`. */
async function setUp(clock?: () => number) {
  const { writer, sqlite } = await openTempWriter(undefined, clock)
  const told: string[] = []
  const note = (stored: readonly { event: Event }[]) => {
    for (const { event } of stored)
      if (event.type === 'daemon.changed') told.push(`${event.online ? '+' : '-'}${event.pid ?? ''}`)
  }
  return {
    told,
    writer,
    sqlite,
    logged: async (...events: HostEvent[]) => note(await writer.ingest(log(...events))),
    probed: async (event: Event) => note(await writer.addEvent(event)),
  }
}

describe('a daemon that comes or goes', () => {
  it('is told once, whether its log or the probe notices first', async () => {
    const { told, logged, probed } = await setUp()
    await logged(came(0, 10))
    await probed(seen(came(1, 10)))
    await probed(seen(went(20, null)))
    await logged(went(19, 10))
    await logged(came(30, 20))
    await probed(seen(came(31, 20)))
    expect(told).toEqual(['+10', '-', '+20'])
  })

  it('has gone in between where it is there as another process', async () => {
    for (const first of ['log', 'probe']) {
      const { told, logged, probed } = await setUp()
      await logged(came(0, 10))
      if (first === 'log') await logged(came(30, 20))
      await probed(seen(came(31, 20)))
      if (first === 'probe') await logged(came(30, 20))
      expect(told).toEqual(['+10', '-', '+20'])
    }
  })

  it('is not told again by the end of a process that was replaced', async () => {
    const { told, logged, probed } = await setUp()
    await logged(came(0, 10))
    await probed(seen(came(31, 20)))
    await logged(went(29, 10), came(30, 20))
    expect(told).toEqual(['+10', '-', '+20'])
  })

  it('is not told again by a probe that notices the end of a process after the log showed the next', async () => {
    const { told, logged, probed } = await setUp()
    await probed(seen(came(0, 10)))
    await logged(went(19, 10), came(20, 20))
    await probed(seen(went(21, 10)))
    await probed(seen(came(22, 20)))
    expect(told).toEqual(['+10', '-10', '+20'])
  })

  it('stays gone whatever an older line says that is read after it went', async () => {
    const { told, logged, probed } = await setUp()
    await probed(seen(went(50, null)))
    await logged(came(10, 10))
    await probed(seen(came(60, 20)))
    expect(told).toEqual(['-', '+20'])
  })

  it('is told with its new version, and once where the process is not known', async () => {
    const { told, logged, probed } = await setUp()
    await logged(came(0, null))
    await probed(seen(came(1, 10)))
    await logged(came(2, null, '1.1.0'))
    expect(told).toEqual(['+', '+'])
  })

  it('is told by the log also after a clock that ran ahead was set right', async () => {
    const { told, logged, probed } = await setUp(() => seconds(100))
    await logged(came(7_200, 10))
    await logged(went(90, 10), came(95, 20))
    await probed(seen(came(96, 20)))
    expect(told).toEqual(['+10', '-10', '+20'])
  })
})

describe('an event of a clock that was years ahead', () => {
  it('is kept as one of a day ahead, so that it is deleted in time', async () => {
    const now = seconds(100)
    const { logged, writer, sqlite } = await setUp(() => now)
    await logged(came(300_000_000, 10), went(200, 10))
    const kept = sqlite.prepare(`select at, data ->> 'at' as told from events order by seq`).all()
    const day = 86_400_000
    expect(kept).toEqual([
      { at: now + day, told: now + day },
      { at: seconds(200), told: seconds(200) },
    ])
    const limits = { bansBefore: null, linesBefore: 0, maxEvents: 100 }
    await writer.retain({ ...limits, eventsBefore: now + day + 1 })
    expect(sqlite.prepare('select count(*) from events').pluck().get()).toBe(1)
  })
})
