import { describe, expect, it } from 'vitest'
import { readIncreasedDuration } from './increased-duration.ts'

const DAY = 86_400

describe('the duration of an increased ban', () => {
  // what MyTime.seconds2str makes of these seconds, and as much as it rounds away
  it.each([
    [1, '1s', 0],
    [60, '1m', 0],
    [61.25, '1.0m 1.25s', 0.25],
    [3594, '59m 54s', 0],
    [3594.75, '59.0m 54.75s', 0.25],
    [3595, '1h', 5],
    [3631, '1h', 31],
    [5025, '1h 23m', 45],
    [86_399, '24h', 1],
    [86_437, '1d 1m', 23],
    [198_900, '2d 7h 15m', 0],
    [604_799, '7d', 1],
    [860_000.5, '1w 2d 23h', 399.5],
    [2_629_800, '4w 2d 10h', 1800],
    [31_535_999, '52w 1d', 1],
    [365 * DAY, '1y', 0],
    [366 * DAY, '1y 1d', 0],
    [390 * DAY, '1y 3w 4d', 0],
    [3650 * DAY, '10y', 0],
  ])('of %d s is read from %j with an error of %d s, as fail2ban 1.0 and later write it', (...args) => {
    const [seconds, text, error] = args
    expect(Math.abs((readIncreasedDuration(text) ?? Number.NaN) - seconds)).toBe(error)
  })

  it.each([
    ['0:05:00', 300],
    ['23:59:59', DAY - 1],
    ['1 day, 0:00:00', DAY],
    ['700 days, 23:59:59', 701 * DAY - 1],
    ['0:00:00.400000', 1],
    ['1:00:00.500000', 3601],
    ['999999999 days, 0:00:00', 3_155_760_000],
  ])('is read from %j as %d s, as fail2ban 0.11 writes it', (text, seconds) => {
    expect(readIncreasedDuration(text)).toBe(seconds)
  })

  it.each([
    ['2872y 43w 3d', 3_155_760_000],
    ['9'.repeat(30) + 'y', 3_155_760_000],
    ['5e-05s', 1],
    ['0', 0],
    ['permanent', -1],
  ])('is read from %j as %d s', (text, seconds) => {
    expect(readIncreasedDuration(text)).toBe(seconds)
  })

  it.each([
    '',
    '1',
    'y',
    '1d 1w',
    '0:5:00',
    '0:05',
    '0:65:00',
    '1 days 0:00:00',
    '-1 day, 0:00:00',
    '1mo',
    '1h 1.5m',
  ])('is not read from %j', (text) => {
    expect(readIncreasedDuration(text)).toBeUndefined()
  })
})
