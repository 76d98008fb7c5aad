import { describe, expect, it } from 'vitest'
import { boundsOf, NamedRange } from './range.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.UTC(2026, 5, 1, 12, 34, 56)
const nextHour = Date.UTC(2026, 5, 1, 13)

describe('boundsOf a range', () => {
  it.each(NamedRange.options.filter((range) => range !== '90d' && range !== '365d'))(
    'of %s ends with the current hour',
    (range) => expect(boundsOf(range, now).to).toBe(nextHour),
  )

  it.each([
    ['90d', 90],
    ['365d', 365],
  ] as const)('of %s consists of whole days', (range, days) => {
    const to = Date.UTC(2026, 5, 2)
    expect(boundsOf(range, now)).toEqual({ from: to - days * day, to })
  })

  it('without a name is exact to the millisecond', () => {
    expect(boundsOf({ from: 17, to: now }, now)).toEqual({ from: 17, to: now })
  })

  it('that ends beyond now ends with the current hour', () => {
    expect(boundsOf({ from: now - day, to: now + day }, now)).toEqual({ from: now - day, to: nextHour })
  })

  it('in the future still ends after it begins', () => {
    const from = now + day
    expect(boundsOf({ from, to: from + hour }, now)).toEqual({ from, to: from + 1 })
  })
})
