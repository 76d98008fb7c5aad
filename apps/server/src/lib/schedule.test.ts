import { describe, expect, it } from 'vitest'
import { longestPause, nextRuns, plannedRun } from './schedule.ts'

const HOUR = 3_600_000
const times = (schedule: string, zone: string, after: string) =>
  nextRuns({ schedule, zone }, Date.parse(after), 2).map((time) => new Date(time).toISOString())

describe('the next runs', () => {
  it('are so many hours apart', () => {
    expect(times('6h', 'UTC', '2026-01-01T00:10:00Z')).toEqual([
      '2026-01-01T06:10:00.000Z',
      '2026-01-01T12:10:00.000Z',
    ])
  })

  it('are at a time of the day in a zone', () => {
    expect(times('15 4 * * 1', 'Asia/Tokyo', '2026-01-01T00:00:00Z')).toEqual([
      '2026-01-04T19:15:00.000Z',
      '2026-01-11T19:15:00.000Z',
    ])
  })

  it('come once on the day on which the clock is put forward over their time', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
  })

  it('come once on the day on which the clock is put back over their time', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
  })

  it.each([
    ['0 0 30 2 *', 'UTC', 'no such date'],
    ['0 0 31 2,4,6,9,11 *', 'UTC', 'no such date'],
    ['0 0 * * * *', 'UTC', 'five fields'],
    ['61 0 * * *', 'UTC', 'five fields'],
    ['0 0 * * *', 'Nowhere/City', 'no time zone Nowhere/City'],
  ])('of %s in %s are none', (schedule, zone, words) => {
    expect(() => nextRuns({ schedule, zone }, 0, 1)).toThrow(words)
  })
})

describe('the time of a schedule that was stored', () => {
  const at = (text: string) => Date.parse(`2026-01-${text}Z`)

  it.each([
    { schedule: '6h', stored: '05T06:00', now: '05T07:00', planned: '05T06:00' },
    { schedule: '6h', stored: '05T06:00', now: '05T05:59', planned: '05T06:00' },
    { schedule: '6h', stored: '05T06:00', now: '05T00:00', planned: '05T06:00' },
    // the clock was set back: it would come too late
    { schedule: '6h', stored: '05T06:00', now: '04T23:00', planned: '05T05:00' },
    { schedule: '6h', stored: '05T06:00', now: '04T01:00', planned: '04T07:00' },
    { schedule: '0 3 * * *', stored: '06T03:00', now: '05T04:00', planned: '06T03:00' },
    { schedule: '0 3 * * *', stored: '06T03:00', now: '05T01:00', planned: '05T03:00' },
    { schedule: '0 3 * * *', stored: '06T03:00', now: '03T01:00', planned: '03T03:00' },
  ])('is $planned instead of $stored for $schedule at $now', ({ schedule, stored, now, planned }) => {
    expect(plannedRun({ schedule, zone: 'UTC' }, at(stored), at(now))).toBe(at(planned))
  })
})

describe('the longest pause of a schedule', () => {
  it.each([
    ['12h', 12 * HOUR],
    ['0 0 * * 1', 168 * HOUR],
    ['0 1,2 * * *', 23 * HOUR],
  ])('of %s is known', (schedule, pause) => {
    expect(longestPause({ schedule, zone: 'UTC' }, 0)).toBe(pause)
  })
})
