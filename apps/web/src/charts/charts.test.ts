// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { countScale, formatBucket, formatTick, timeTicks } from './scales.ts'
import { groupSeries, stackedBars, totals } from './series.ts'

const hour = 3_600_000
const day = 24 * hour

describe('countScale', () => {
  it.each([0, 1, 2, 7, 43, 999, 1_000_001])('returns whole lines from 0 to at least %i', (greatest) => {
    const scale = countScale(greatest)
    expect(scale.ticks[0]).toBe(0)
    expect(scale.ticks.every(Number.isInteger)).toBe(true)
    expect(scale.top).toBeGreaterThanOrEqual(Math.max(1, greatest))
    expect(scale.ticks.at(-1)).toBe(scale.top)
  })
})

describe('timeTicks', () => {
  it.each([hour, day, 7 * day, 30 * day, 90 * day, 365 * day, 3650 * day])(
    'returns no more than the requested number of ticks over %i ms',
    (span) => {
      const from = Date.UTC(2026, 2, 3, 4, 5)
      const marks = timeTicks(from, from + span, 8)
      expect(marks.length).toBeGreaterThan(1)
      expect(marks.length).toBeLessThanOrEqual(9)
      expect(marks.every((time) => time >= from && time < from + span)).toBe(true)
    },
  )

  it('formats hours as times and midnight as its date', () => {
    const midnight = Date.UTC(2026, 2, 3)
    expect(formatTick(midnight, day)).toBe('Mar 3')
    expect(formatTick(midnight + 6 * hour, day)).toMatch(/^6:00.AM$/u)
    expect(formatTick(midnight, 365 * day)).toBe('Mar 2026')
  })
})

describe('groupSeries', () => {
  it('keeps the largest series and sums up the rest', () => {
    const series = Array.from({ length: 12 }, (_, index) => ({ name: `jail-${index}`, points: [index, 1] }))
    const grouped = groupSeries(series, 4)
    expect(grouped.map(({ name }) => name)).toEqual(['jail-11', 'jail-10', 'jail-9', 'Others'])
    expect(totals(grouped)).toEqual(totals(series))
  })

  it('reserves a colour for the rest', () => {
    const of = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `jail-${index}`, points: [index + 1] }))
    expect(groupSeries(of(7)).some(({ isRest }) => isRest)).toBe(false)
    const eight = groupSeries(of(8))
    expect(eight).toHaveLength(8)
    expect(eight.map(({ isRest }) => isRest ?? false).indexOf(true)).toBe(7)
  })

  it('omits series that are zero everywhere', () => {
    expect(groupSeries([{ name: 'quiet', points: [0, 0] }])).toEqual([])
  })
})

describe('stackedBars', () => {
  it('stacks each series on the one before', () => {
    const plot = { left: 0, top: 0, width: 2, height: 100 }
    const series = [
      { name: 'a', points: [1, 0] },
      { name: 'b', points: [3, 2] },
    ]
    expect(stackedBars(series, plot, 4)).toEqual(['M0 75h1v25h-1z', 'M0 0h1v75h-1zM1 50h1v50h-1z'])
  })

  it('leaves a gap between bars that are wide enough', () => {
    const plot = { left: 0, top: 0, width: 10, height: 100 }
    const series = [3, 90, 2].map((count, index) => ({ name: `${index}`, points: [count] }))
    expect(stackedBars(series, plot, 100)).toEqual(['M1 97h8v3h-8z', 'M1 7h8v89h-8z', 'M1 5h8v2h-8z'])
  })
})

describe('bucket text', () => {
  const at = Date.UTC(2026, 2, 3, 8)
  const plain = (text: string) => text.replaceAll(/\s/g, ' ')

  it.each([
    [300, 'Tue, Mar 3, 8:00 – 8:05 AM'],
    [3 * 3600, 'Tue, Mar 3, 8:00 – 11:00 AM'],
    [86_400, 'Mar 3, 2026'],
    [7 * 86_400, 'Mar 3 – 9, 2026'],
  ])('of %i s names the beginning and the end', (seconds, words) => {
    const start = seconds >= 86_400 ? Date.UTC(2026, 2, 3) : at
    expect(plain(formatBucket(start, seconds))).toBe(words)
  })
})
