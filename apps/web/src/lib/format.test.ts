// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { formatDuration, formatExact, formatNumber, formatRelative, formatSpan, plural } from './format.ts'

describe('formatDuration', () => {
  test.each([
    [-1, 'permanent'],
    [0, '0 s'],
    [9, '9 s'],
    [60, '1 min'],
    [90, '1 min 30 s'],
    [5400, '1 h 30 min'],
    [86_400, '1 d'],
    [90_061, '1 d 1 h'],
    [86_460, '1 d'],
    [8_640_000, '100 d'],
  ])('%i seconds read as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

describe('formatRelative', () => {
  const now = Date.UTC(2026, 0, 10)
  test.each([
    [0, 'just now'],
    [-9_000, 'just now'],
    [-47_000, '40 sec. ago'],
    [-5 * 60_000, '5 min. ago'],
    [4 * 60_000, 'in 4 min.'],
    [-3 * 3_600_000, '3 hr. ago'],
    [-24 * 3_600_000, 'yesterday'],
    [-400 * 86_400_000, 'last yr.'],
  ])('%i ms from now reads as "%s"', (distance, text) => {
    expect(formatRelative(now + distance, now)).toBe(text)
  })
})

test.each([
  [0, '0 seconds'],
  [60, '1 minute'],
  [5400, '1 hour 30 minutes'],
  [604_800, '7 days'],
])('formatSpan writes %i seconds as "%s"', (seconds, text) => expect(formatSpan(seconds)).toBe(text))

test('numbers have separators and plurals follow the count', () => {
  expect(formatNumber(1_204_000)).toBe('1,204,000')
  expect(plural(1, 'jail')).toBe('1 jail')
  expect(plural(1200, 'jail')).toBe('1,200 jails')
  expect(plural(2, 'address', 'addresses')).toBe('2 addresses')
})

test('an exact time names its zone', () => {
  expect(formatExact(Date.UTC(2026, 0, 10, 12, 30, 5))).toMatch(/:30:05.*(UTC|GMT|[A-Z]{3,4})/)
})
