// @vitest-environment node
import { boundsOf } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import {
  describeRange,
  inRange,
  moveSpan,
  readRange,
  readSource,
  spanOf,
  untilNow,
  withRange,
  writeRange,
} from './range-text.ts'

describe('readRange', () => {
  it.each([
    [{}, '24h'],
    [{ range: '7d' }, '7d'],
    [{ range: 'yesterday' }, '24h'],
    [
      { from: '1000', to: '2000' },
      { from: 1000, to: 2000 },
    ],
    [{ from: '2000', to: '1000', range: '30d' }, '30d'],
    [{ from: '-1', to: '1e9' }, '24h'],
    [{ from: '1' }, '24h'],
  ])('reads %j', (params, range) => {
    expect(readRange(params)).toEqual(range)
  })

  it('reads back what it wrote', () => {
    for (const range of ['24h', 'all', { from: 5, to: 7 }] as const)
      expect(readRange(writeRange(range))).toEqual(range)
  })
})

it.each([
  [
    { from: 5, to: 20 },
    { from: 5, to: 10 },
  ],
  [
    { from: 5, to: 9 },
    { from: 5, to: 9 },
  ],
  [
    { from: 15, to: 20 },
    { from: 15, to: 20 },
  ],
  ['24h', '24h'],
] as const)('untilNow ends a dragged range at now: %j', (range, until) => {
  expect(untilNow(range, 10)).toEqual(until)
})

describe('withRange', () => {
  it('keeps a link short if nothing was chosen', () => {
    expect(withRange('/activity', '24h', { source: 'archive' })).toBe('/activity')
  })

  it('adds to the query that a link already has', () => {
    expect(withRange('/activity?jail=sshd', { from: 1, to: 2 }, { source: 'live' })).toBe(
      '/activity?jail=sshd&from=1&to=2&source=live',
    )
    expect(withRange('/map', '7d', { source: 'archive', origin: 'blocklist:3' })).toBe(
      '/map?range=7d&origin=blocklist%3A3',
    )
  })
})

it('an unknown source in the URL means the archive', () => {
  expect(readSource({ source: 'moon' })).toBe('archive')
  expect(readSource({ source: 'live' })).toBe('live')
})

/** The spaces around a dash depend on the language. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

describe('the text of a range', () => {
  const from = Date.UTC(2026, 4, 3, 8)
  const now = Date.UTC(2026, 7, 1)
  const hours = (count: number) => ({ from, to: from + count * 3_600_000 })

  it.each([
    [hours(1), 'May 3, 8:00 – 9:00 AM'],
    [hours(24), 'May 3, 8:00 AM – May 4, 8:00 AM'],
    [{ from: from - 8 * 3_600_000, to: from + 4 * 86_400_000 - 8 * 3_600_000 }, 'May 3 – 6, 2026'],
    [hours(50 * 24), 'May 3 – Jun 22, 2026'],
    [hours(500 * 24), 'May 3, 2026 – Sep 15, 2027'],
    ['7d', 'the last 7 days'],
  ] as const)('repeats nothing: %j', (range, words) => {
    expect(plain(describeRange(range, now))).toBe(words)
  })

  it('has the year if it is not this year', () => {
    expect(plain(describeRange(hours(1), Date.UTC(2027, 0, 1)))).toBe('May 3, 2026, 8:00 – 9:00 AM')
  })

  it('fits into a sentence', () => {
    expect(inRange('all')).toBe('since recording began')
    expect(plain(inRange(hours(1), now))).toBe('on May 3, 8:00 – 9:00 AM')
    expect(plain(inRange(hours(16), now))).toBe('on May 3, 8:00 AM – May 4, 12:00 AM')
    expect(plain(inRange(hours(24), now))).toBe('from May 3, 8:00 AM – May 4, 8:00 AM')
  })
})

it.each(['24h', '7d', '30d', '90d', '365d'] as const)(
  'the range %s begins where the server begins it',
  (range) => {
    const now = Date.UTC(2026, 4, 3, 8, 17)
    expect(spanOf(range, now)).toEqual({ from: boundsOf(range, now).from })
    expect(spanOf('all', now)).toEqual({})
  },
)

describe('a moved range', () => {
  const now = 1_000_000

  it('moves by its own length, and keeps it', () => {
    expect(moveSpan({ from: 500_000, to: 600_000 }, -1, now)).toEqual({ from: 400_000, to: 500_000 })
    expect(moveSpan({ from: 500_000, to: 600_000 }, 1, now)).toEqual({ from: 600_000, to: 700_000 })
  })

  it('ends with now', () => {
    expect(moveSpan({ from: 700_000, to: 900_000 }, 1, now)).toEqual({ from: 800_000, to: now })
    expect(moveSpan({ from: 800_000, to: now }, 1, now)).toBeUndefined()
    expect(moveSpan({ from: 800_000, to: now + 9 }, 1, now)).toBeUndefined()
    expect(moveSpan({ from: 0, to: 600_000 }, -1, now)).toBeUndefined()
  })
})
