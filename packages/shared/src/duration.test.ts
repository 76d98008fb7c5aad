import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, MAX_DURATION_SECONDS, parseDuration, PERMANENT } from './duration.ts'

describe('parseDuration', () => {
  it.each([
    ['-1', PERMANENT],
    [-1, PERMANENT],
    [0, 0],
    [600, 600],
    ['600', 600],
    [' 600 ', 600],
    ['10m', 600],
    ['10 m', 600],
    ['1h', 3600],
    ['1d', 86_400],
    ['1w', 604_800],
    ['1mo', 2_629_800],
    ['1m', 60],
    ['1y', 31_557_600],
    ['1d 12h', 129_600],
    ['1d12h', 129_600],
    ['1 day 12 hours', 129_600],
    ['2weeks', 1_209_600],
    ['1month', 2_629_800],
    ['100y', MAX_DURATION_SECONDS],
  ])('parses %j as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  it.each([
    '',
    ' ',
    '-2',
    '-1m',
    '1.5h',
    '1e3',
    'm',
    '1x',
    '1M',
    '1d,12h',
    '1d+12h',
    '60*60',
    '1h\n2m',
    '__import__("os")',
    '1d -- 1',
    '101y',
    '99999999999',
    '1s '.repeat(40),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1.5,
    1e21,
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('does not confuse months and minutes', () => {
    expect(parseDuration('3mo')).not.toBe(parseDuration('3m'))
  })

  it('accepts nothing outside of its grammar', () => {
    const almost = fc.stringMatching(/^[-0-9a-z .*+,()_]{0,12}$/)
    const unit = '(?:s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|y|years?)'
    const grammar = new RegExp(`^\\s*(?:-1|\\d+|(?:\\d+ *${unit} *)+)\\s*$`)
    fc.assert(
      fc.property(fc.oneof(almost, fc.string()), (text) => {
        expect(parseDuration(text) === undefined || grammar.test(text)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('parses what formatDuration wrote', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(PERMANENT), fc.nat(MAX_DURATION_SECONDS)), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds)
      }),
    )
  })
})

describe('formatDuration', () => {
  it.each([
    [PERMANENT, '-1'],
    [0, '0s'],
    [59, '59s'],
    [600, '10m'],
    [3600, '1h'],
    [129_600, '1d 12h'],
    [2_629_800, '4w 2d 10h 30m'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})
