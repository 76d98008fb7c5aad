import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTimeOf, nextFullHour, nextTimeOfDay } from './zone-time.ts'

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

const iso = (at: number) => new Date(at).toISOString()

const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2029, 0) })
const zone = fc.constantFrom(...zones)
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)

describe('the next time of the day', () => {
  it.each([
    ['an ordinary day', '2026-06-10T05:00:00Z', '08:00', 'Europe/Berlin', '2026-06-10T06:00:00.000Z'],
    ['the next day', '2026-06-10T06:00:00Z', '08:00', 'Europe/Berlin', '2026-06-11T06:00:00.000Z'],
    // clocks are set forward from 02:00 to 03:00
    [
      'a time that does not exist',
      '2026-03-29T00:00:00Z',
      '02:30',
      'Europe/Berlin',
      '2026-03-29T01:00:00.000Z',
    ],
    ['the day after', '2026-03-29T01:00:00Z', '02:30', 'Europe/Berlin', '2026-03-30T00:30:00.000Z'],
    // clocks are set back from 03:00 to 02:00
    ['a time that comes twice', '2026-10-24T23:00:00Z', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['not a second time', '2026-10-25T00:30:00Z', '02:30', 'Europe/Berlin', '2026-10-26T01:30:00.000Z'],
    ['half an hour', '2026-10-03T00:00:00Z', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
  ])('is right on %s', (...[, after, wanted, name, expected]) => {
    expect(iso(nextTimeOfDay(Date.parse(after), wanted, name))).toBe(expected)
  })

  it('comes once on each local day, also where clocks change', () => {
    fc.assert(
      fc.property(moment, zone, time, (begin, name, at) => {
        let until = begin
        const days: string[] = []
        for (let count = 0; count < 10; count++) {
          const next = nextTimeOfDay(until, at, name)
          const { year, month, day } = localTimeOf(next, name)
          days.push(new Date(Date.UTC(year, month - 1, day)).toISOString())
          until = next
        }
        expect(new Set(days).size).toBe(days.length)
        const gaps = days.slice(1).map((each, index) => Date.parse(each) - Date.parse(days[index] ?? ''))
        expect(gaps.every((gap) => gap === 86_400_000)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the next full hour', () => {
  it('comes at each full hour, never less than half an hour or more than one and a half apart', () => {
    fc.assert(
      fc.property(moment, zone, (begin, name) => {
        let until = nextFullHour(begin, name)
        for (let count = 0; count < 30; count++) {
          const next = nextFullHour(until, name)
          expect(localTimeOf(next, name).minutes % 60).toBe(0)
          expect(next - until).toBeGreaterThanOrEqual(1_800_000)
          expect(next - until).toBeLessThanOrEqual(5_400_000)
          until = next
        }
      }),
      { numRuns: 150 },
    )
  })
})
