import type { DigestSchedule, QuietHours } from '@bangui/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueDigest } from './digest-times.ts'
import { quietUntil } from './quiet-hours.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Africa/Casablanca',
]

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2029, 0) })
const zone = fc.constantFrom(...zones)
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)

describe('a digest', () => {
  it('is due once, whenever it is looked at, and covers the time of those that were missed', () => {
    const schedule: DigestSchedule = { every: 'daily', at: '08:00', zone: 'Europe/Berlin' }
    const begin = Date.parse('2026-03-27T12:00:00Z')
    expect(dueDigest(schedule, begin, Date.parse('2026-03-28T06:59:59Z'))).toBeNull()
    const first = dueDigest(schedule, begin, Date.parse('2026-03-28T07:00:00Z'))
    expect(iso(first)).toBe('2026-03-28T07:00:00.000Z')
    expect(dueDigest(schedule, first ?? 0, Date.parse('2026-03-28T09:00:00Z'))).toBeNull()
    // over the change of the clocks, and a stop of three days
    expect(iso(dueDigest(schedule, first ?? 0, Date.parse('2026-03-31T20:00:00Z')))).toBe(
      '2026-03-31T06:00:00.000Z',
    )
    // a clock that stepped back
    expect(dueDigest(schedule, Date.parse('2026-03-31T06:00:00Z'), begin)).toBeNull()
  })
})

describe('quiet hours', () => {
  const night: QuietHours = { from: '22:00', to: '07:00', zone: 'Europe/Berlin', passCritical: true }

  it.each([
    ['in the evening', night, '2026-06-10T20:00:00Z', '2026-06-11T05:00:00.000Z'],
    ['before them', night, '2026-06-10T19:59:59Z', null],
    ['after midnight', night, '2026-06-11T01:00:00Z', '2026-06-11T05:00:00.000Z'],
    ['at their end', night, '2026-06-11T05:00:00Z', null],
    ['in the night of a change', night, '2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
    ['at noon', { ...night, from: '12:00', to: '13:30' }, '2026-06-10T10:30:00Z', '2026-06-10T11:30:00.000Z'],
    ['none', null, '2026-06-10T10:30:00Z', null],
  ])('%s', (...[, quiet, at, until]) => {
    expect(iso(quietUntil(quiet, Date.parse(at)))).toBe(until)
  })

  it('end, and it is not quiet then', () => {
    fc.assert(
      fc.property(moment, zone, fc.tuple(time, time), (at, name, [from, to]) => {
        fc.pre(from !== to)
        const quiet = { from, to, zone: name, passCritical: false }
        const until = quietUntil(quiet, at)
        if (until === null) return
        expect(until).toBeGreaterThan(at)
        expect(until - at).toBeLessThanOrEqual(26 * 3_600_000)
        expect(quietUntil(quiet, until)).toBeNull()
      }),
      { numRuns: 200 },
    )
  })
})
