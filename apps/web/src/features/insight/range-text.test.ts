import { boundsOf } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { describeRange, readRange, readSource, spanOf, withRange, writeRange } from './range-text.ts'

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

describe('withRange', () => {
  it('keeps a link short where nothing was chosen', () => {
    expect(withRange('/activity', '24h', 'archive')).toBe('/activity')
  })

  it('adds to what a link asks for already', () => {
    expect(withRange('/activity?jail=sshd', { from: 1, to: 2 }, 'live')).toBe(
      '/activity?jail=sshd&from=1&to=2&source=live',
    )
  })
})

it('takes the archive for a source that it does not know', () => {
  expect(readSource({ source: 'moon' })).toBe('archive')
  expect(readSource({ source: 'live' })).toBe('live')
})

it('says a span of hours with its times, and one of days with its dates', () => {
  const from = Date.UTC(2026, 4, 3, 8)
  expect(describeRange({ from, to: from + 3_600_000 })).toBe('May 3, 8:00 AM – May 3, 9:00 AM')
  expect(describeRange({ from, to: from + 5 * 86_400_000 })).toBe('May 3, 2026 – May 8, 2026')
})

it.each(['24h', '7d', '30d', '90d', '365d'] as const)('begins %s where the server begins it', (range) => {
  const now = Date.UTC(2026, 4, 3, 8, 17)
  expect(spanOf(range, now)).toEqual({ from: boundsOf(range, now).from })
  expect(spanOf('all', now)).toEqual({})
})
