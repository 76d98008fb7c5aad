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
async function setUp() {
  const { writer } = await openTempWriter()
  const told: string[] = []
  const note = (stored: readonly { event: Event }[]) => {
    for (const { event } of stored)
      if (event.type === 'daemon.changed') told.push(`${event.online ? '+' : '-'}${event.pid ?? ''}`)
  }
  return {
    told,
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
})
