// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { describeChange, formatCompact, formatCount, formatShare } from './format-counts.ts'

describe('describeChange', () => {
  it.each([
    [112, 100, '12% more than in the previous day'],
    [50, 100, '50% fewer than in the previous day'],
    [7, 7, 'same as in the previous day'],
    [0, 0, 'same as in the previous day'],
    [3, 0, 'none in the previous day'],
    [1500, 100, '15 times as many as in the previous day'],
  ])('words %i after %i as %s', (now, before, words) => {
    expect(describeChange(now, before, 'the previous day')).toBe(words)
  })
})

describe('formatShare', () => {
  it.each([
    [1, 4, '25%'],
    [1, 1000, '<1%'],
    [0, 10, '0%'],
    [0, 0, '0%'],
  ])('words %i of %i as %s', (part, whole, words) => {
    expect(formatShare(part, whole)).toBe(words)
  })
})

it('numbers on an axis are shortened', () => {
  expect([0, 950, 1200, 3_400_000].map(formatCompact)).toEqual(['0', '950', '1.2K', '3.4M'])
})

it('a count of one has a singular unit', () => {
  expect([1, 2].map((count) => formatCount(count, 'addresses'))).toEqual(['1 address', '2 addresses'])
  expect([0, 1, 1200].map((count) => formatCount(count, 'bans'))).toEqual(['0 bans', '1 ban', '1,200 bans'])
})
