import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchLine } from './match-line.ts'

const row = (at: number, writtenBy: number | null = null, closedAt = writtenBy) => ({
  at,
  writtenBy,
  closedAt,
})

describe('the pending row that a line answers', () => {
  it.each([
    { name: 'the oldest', rows: [row(5_000), row(2_000), row(3_000)], at: 9_000, expected: 2_000 },
    { name: 'none that was sent after it', rows: [row(9_000)], at: 5_000, expected: undefined },
    { name: 'one that was sent within its second', rows: [row(5_900)], at: 5_000, expected: 5_900 },
    { name: 'none that was sent later in its second', rows: [row(5_079)], at: 5_012, expected: undefined },
    {
      name: 'none about an earlier ban',
      rows: [row(2_000), row(6_000)],
      at: 9_000,
      since: 4_000,
      expected: 6_000,
    },
    { name: 'none that was answered long before', rows: [row(2_000, 3_000)], at: 9_000, expected: undefined },
    { name: 'one that was answered after it', rows: [row(2_000, 8_500)], at: 9_000, expected: 2_000 },
    {
      name: 'one that broke off just before',
      rows: [row(2_000, null, 3_000)],
      at: 9_000,
      expected: 2_000,
    },
    {
      name: 'none that broke off long before',
      rows: [row(2_000, null, 3_000)],
      at: 14_000,
      expected: undefined,
    },
    { name: 'none of no rows', rows: [], at: 9_000, expected: undefined },
  ])('is $name', ({ rows, at, since, expected }) => {
    expect(matchLine(rows, { at, ...(since !== undefined && { since }) })?.at).toBe(expected)
  })

  it('is always one that can be, and the same in whatever order the rows are', () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { maxLength: 8 })
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 100 }), (times, second) => {
        const all = times.map((time) => row(time * 1_000, time % 3 === 0 ? (time + 5) * 1_000 : null))
        const line = { at: second * 1_000 }
        const found = matchLine(all, line)
        expect(matchLine(all.toReversed(), line)).toBe(found)
        const possible = all.filter(
          ({ at, writtenBy }) =>
            at <= line.at + 1_000 && (writtenBy === null || line.at <= writtenBy + 1_000),
        )
        expect(found?.at).toBe(possible.length === 0 ? undefined : Math.min(...possible.map(({ at }) => at)))
      }),
    )
  })
})
