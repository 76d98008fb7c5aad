// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { formatChange, formatCompact, formatCount, formatShare } from './format-figures.ts'

describe('formatChange', () => {
  it.each([
    [112, 100, '+12%'],
    [50, 100, '-50%'],
    [7, 7, 'no change'],
    [0, 0, 'no change'],
    [3, 0, 'none'],
    [1500, 100, '15 times'],
  ])('words %i after %i as %s', (now, before, words) => {
    expect(formatChange(now, before)).toBe(words)
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

it('shortens figures for an axis', () => {
  expect([0, 950, 1200, 3_400_000].map(formatCompact)).toEqual(['0', '950', '1.2K', '3.4M'])
})

it('counts one as one', () => {
  expect([1, 2].map((count) => formatCount(count, 'addresses'))).toEqual(['1 address', '2 addresses'])
  expect([0, 1, 1200].map((count) => formatCount(count, 'bans'))).toEqual(['0 bans', '1 ban', '1,200 bans'])
})
