import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readZoneFile } from './zone-file.ts'
import { parseZoneRule } from './zone-rule.ts'
import { createReadClock, fixedZone, parseLocal, type Zone } from './zone.ts'

const folder = '/usr/share/zoneinfo'

/** What the C library shows in a zone: the local times of moments. */
function showInC(zone: string, moments: readonly number[]): number[] {
  const input = moments.map((at) => `@${at / 1000}\n`).join('')
  const output = execFileSync('date', ['-f', '-', '+%Y-%m-%d %H:%M:%S'], {
    input,
    env: { TZ: zone, LC_ALL: 'C' },
  })
  return output
    .toString()
    .trim()
    .split('\n')
    .map((text) => parseLocal(text) ?? Number.NaN)
}

const show = (zone: Zone | undefined, moments: readonly number[]) =>
  moments.map((at) => at + (zone?.(at) ?? Number.NaN))

/** Whole seconds from 1970 to 2100. */
const moment = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000)
const moments = fc.array(moment, { minLength: 30, maxLength: 60 })

const findZones = (): string[] =>
  Intl.supportedValuesOf('timeZone').filter((name) => {
    try {
      return readFileSync(join(folder, name)).length > 0
    } catch {
      return false // this machine has fewer zones than Node
    }
  })

const two = (value: number) => String(value).padStart(2, '0')
const timeText = (hours: number, minutes: number) =>
  minutes === 0 ? String(hours) : `${hours}:${two(minutes)}`
const offset = fc
  .tuple(fc.constantFrom('', '-', '+'), fc.nat(14), fc.constantFrom(0, 7, 30, 45))
  .map(([sign, hours, minutes]) => sign + timeText(hours, minutes))
/** between a rule's two days there are weeks, so that no change meets another */
const change = (firstMonth: number) =>
  fc
    .tuple(
      fc.oneof(
        fc
          .tuple(
            fc.integer({ min: firstMonth, max: firstMonth + 3 }),
            fc.integer({ min: 1, max: 5 }),
            fc.nat(6),
          )
          .map(([month, week, day]) => `M${month}.${week}.${day}`),
        fc.integer({ min: firstMonth * 30, max: firstMonth * 30 + 60 }).map((day) => `J${day}`),
        fc.integer({ min: firstMonth * 30, max: firstMonth * 30 + 60 }).map(String),
      ),
      fc.option(fc.tuple(fc.integer({ min: -24, max: 47 }), fc.constantFrom(0, 30))),
    )
    .map(([day, time]) => (time === null ? day : `${day}/${time[0] < 0 ? time[0] : timeText(...time)}`))
const rule = fc
  .tuple(
    fc.constantFrom('CET', '<+0545>', 'Eastern'),
    offset,
    fc.option(fc.tuple(fc.option(offset), change(2), change(8), fc.boolean())),
  )
  .map(([name, west, summer]) => {
    if (summer === null) return name + west
    const [summerWest, early, late, isSouth] = summer
    const days = isSouth ? [late, early] : [early, late]
    return [`${name}${west}SUM${summerWest ?? ''}`, ...days].join(',')
  })

describe('a zone file', () => {
  it('shows the times that the C library shows, in any zone at any time', () => {
    const zones = findZones()
    expect(zones.length).toBeGreaterThan(300)
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (name, at) => {
        const zone = readZoneFile(readFileSync(join(folder, name)))
        expect(show(zone, at)).toEqual(showInC(name, at))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('Europe/Berlin\n')],
    ['a cut head', Buffer.from('TZif2\0\0\0')],
    ['a head that promises more than there is', Buffer.concat([Buffer.from('TZif2'), Buffer.alloc(39, 255)])],
  ])('is none where it holds %s', (_, bytes) => {
    expect(readZoneFile(bytes)).toBeUndefined()
  })

  it('that is cut anywhere is none, or the zone that it was', () => {
    const whole = readFileSync(join(folder, 'Europe/Berlin'))
    for (let length = 0; length < whole.length; length += 7) {
      const zone = readZoneFile(whole.subarray(0, length))
      expect([undefined, 3_600_000]).toContain(zone?.(Date.UTC(2026, 0, 1)))
    }
  })
})

describe('a rule', () => {
  it('shows the times that the C library shows', () => {
    fc.assert(
      fc.property(rule, moments, (text, at) => {
        expect(show(parseZoneRule(text), at), text).toEqual(showInC(text, at))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    '',
    'Europe/Berlin',
    'europe/berlin',
    'UTC',
    'X5',
    '<+5>-5',
    'EST5EDT,M3.2.0',
    'EST5EDT,x,y',
    '5EST',
  ])('is none: %j', (text) => {
    expect(parseZoneRule(text)).toBeUndefined()
  })
})

describe('the clocks of a zone', () => {
  it('show each local time at the moments of which it is the time', () => {
    const zones = findZones()
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (name, at) => {
        const zone = readZoneFile(readFileSync(join(folder, name))) ?? fixedZone(Number.NaN)
        const read = createReadClock(zone)
        for (const each of at) {
          const found = read(each + zone(each))
          expect(found).toContain(each)
          for (const other of found) expect(other + zone(other)).toBe(each + zone(each))
        }
      }),
    )
  })

  it.each([
    ['once', '2026-07-15 12:00:00', ['2026-07-15T10:00:00.000Z']],
    ['twice', '2026-10-25 02:30:00', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
    ['never, as if not changed yet', '2026-03-29 02:30:00', ['2026-03-29T01:30:00.000Z']],
  ])('show a time %s', (_, text, found) => {
    const read = createReadClock(parseZoneRule('CET-1CEST,M3.5.0,M10.5.0/3') ?? fixedZone(0))
    expect(read(parseLocal(text) ?? 0).map((at) => new Date(at).toISOString())).toEqual(found)
  })

  it.each(['2026-13-01 00:00:00', '2026-01-01 25:00:00', ''])('show no %j', (text) => {
    expect(parseLocal(text)).toBeUndefined()
  })
})
