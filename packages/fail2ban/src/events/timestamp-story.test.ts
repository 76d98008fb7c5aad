import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDaemonClock, type ZoneHint } from '../daemon-time/daemon-clock.ts'
import type { DaemonClocks } from '../daemon-time/daemon-clocks.ts'
import { readZoneFile } from '../daemon-time/zone-file.ts'
import { createReadClock, utc, type Zone } from '../daemon-time/zone.ts'
import type { LogLine } from './parse-log-line.ts'
import { createTimestamper, type Timestamper } from './timestamp-lines.ts'
import type { LogRecord } from './unban-decider.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function findZones(): Map<string, Zone> {
  const zones = new Map<string, Zone>()
  for (const name of Intl.supportedValuesOf('timeZone')) {
    try {
      zones.set(name, readZoneFile(readFileSync(`/usr/share/zoneinfo/${name}`)) ?? utc)
    } catch {
      // this machine has fewer zones than Node
    }
  }
  return zones
}

const zones = findZones()
/** whole seconds from 1975 to 2037: zones were no quarters of an hour before */
const anyTime = fc.integer({ min: 157_766_400, max: 2_114_380_800 }).map((seconds) => seconds * 1000)
/** The last changes of a zone before a moment, looked for by the hour. */
function changeBefore(zone: Zone, at: number): number {
  let hour = Math.floor(at / HOUR) * HOUR
  for (const first = hour - 400 * 24 * HOUR; hour > first; hour -= HOUR)
    if (zone(hour) !== zone(hour - HOUR)) break
  return hour
}
const zoneIn = fc.constantFrom(...zones.keys()).map((name): Zone => zones.get(name) ?? utc)
/** A zone and a time in it, mostly some hours before its clocks are changed. */
const zoneAndStart = fc
  .tuple(zoneIn, anyTime, fc.integer({ min: 0, max: 4 * 3600 }), fc.boolean())
  .map(([zone, at, before, isAny]) => [zone, isAny ? at : changeBefore(zone, at) - before * 1000] as const)
/** The pauses between lines: shorter than any hour that is there twice. */
const pauses = fc.array(fc.integer({ min: 0, max: 12 * MINUTE }), { minLength: 20, maxLength: 60 })

const clocksWith = (...hints: readonly ZoneHint[]): DaemonClocks => ({
  createForRun: () => createDaemonClock(() => hints),
  createForNow: async () => createDaemonClock(() => hints),
  setNewest: () => undefined,
  refresh: async () => undefined,
})

const fact = { type: 'unban', jail: 'sshd', address: '192.0.2.1' } as const
const lineOf = (zone: Zone, at: number): LogLine => ({
  fact,
  time: {
    text: new Date(at + zone(at)).toISOString().slice(0, 19).replace('T', ' '),
    milliseconds: at % 1000,
  },
  pid: 7,
})

const finish = (timestamper: Timestamper) => timestamper.finish(async () => undefined)
const momentsOf = (told: readonly LogRecord[]) => told.map(({ at }) => at)
const hasQuarters = (zone: Zone, moments: readonly number[]) =>
  moments.every((at) => zone(at) % (15 * MINUTE) === 0)

function story(from: number, waits: readonly number[]): number[] {
  let at = from
  return [at, ...waits.map((wait) => (at += wait))]
}

describe('lines of a daemon in any zone, at any time, in order', () => {
  it('have the moments at which they were written, where the zone of the process can be seen', async () => {
    await fc.assert(
      fc.asyncProperty(zoneAndStart, pauses, async ([zone, from], waits) => {
        fc.pre(createReadClock(zone)(from + zone(from)).length === 1)
        const moments = story(from, waits)
        const now = (moments.at(-1) ?? from) + 1000
        const timestamper = createTimestamper({ clocks: clocksWith({ zone, isOwn: true }), clock: () => now })
        const lines = moments.map((at) => lineOf(zone, at))
        const told = await timestamper.add(lines, { from: Number.NEGATIVE_INFINITY, to: now })
        expect(momentsOf([...told, ...(await finish(timestamper))])).toEqual(moments)
      }),
      { numRuns: 500 },
    )
  })

  it('have them as they are written, where it cannot, and BanGUI is in another zone', async () => {
    await fc.assert(
      fc.asyncProperty(zoneAndStart, zoneIn, pauses, async ([zone, from], other, waits) => {
        const moments = story(from, waits)
        fc.pre(hasQuarters(zone, moments))
        let now = from
        const hint = { zone: other, isOwn: false }
        let timestamper = createTimestamper({ clocks: clocksWith(hint), clock: () => now })
        for (const [index, at] of moments.entries()) {
          now = at + 5
          const written = { from: at - 11_000, to: at + 2_000 }
          expect(momentsOf(await timestamper.add([lineOf(zone, at)], written))).toEqual([at])
          await finish(timestamper)
          // BanGUI starts again
          if (index % 5 === 4)
            timestamper = createTimestamper({
              clocks: clocksWith(hint),
              clock: () => now,
              state: timestamper.state(),
            })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('have them where they were written before BanGUI was there, by the time of the log itself', async () => {
    await fc.assert(
      fc.asyncProperty(zoneAndStart, zoneIn, pauses, async ([zone, from], other, waits) => {
        const moments = story(from, waits)
        const last = moments.at(-1) ?? from
        fc.pre(hasQuarters(zone, moments) && zone(from) === zone(last))
        const hint = { zone: other, isOwn: false }
        const timestamper = createTimestamper({ clocks: clocksWith(hint), clock: () => last })
        const lines = moments.map((at) => lineOf(zone, at))
        expect(await timestamper.add(lines, { from: Number.NEGATIVE_INFINITY, to: last + 2_000 })).toEqual([])
        const end = lineOf(zone, last)
        const told = await timestamper.finish(async () =>
          end.time
            ? { time: end.time, pid: 7, written: { from: last - 10_000, to: last + 2_000 } }
            : undefined,
        )
        // the hint may agree at the end of the log and not before
        fc.pre(momentsOf(told).at(-1) === last && other(last) !== zone(last))
        expect(momentsOf(told)).toEqual(moments)
      }),
      { numRuns: 500 },
    )
  })
})
