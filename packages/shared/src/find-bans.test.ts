import { describe, expect, it } from 'vitest'
import { findBans, inTimeOrder } from './find-bans.ts'

const rule = { maxretry: 3, findtime: 600 }
const at = (...seconds: readonly number[]) =>
  seconds.map((second) => ({ address: '192.0.2.1', at: second * 1000 }))

describe('who would be banned', () => {
  it.each([
    ['the third failure within the find time', [0, 10, 20], 20],
    ['nobody with fewer failures', [0, 10], null],
    ['nobody whose failures are far apart', [0, 1000, 2000, 3000], null],
    ['an address whose earlier failures were frequent, by their rate', [0, 500, 610], 610],
    ['failures of the same second', [5, 5, 5], 5],
    ['the first time counts', [0, 1, 2, 3, 4, 5], 2],
  ])('%s', (_, seconds, banned) => {
    expect(findBans(at(...seconds), rule)).toEqual([
      { address: '192.0.2.1', failures: seconds.length, bannedAt: banned === null ? null : banned * 1000 },
    ])
  })

  it('has banned addresses first, then those with the most failures', () => {
    const failures = [
      { address: 'a', at: 1000 },
      { address: 'b', at: 2000 },
      { address: 'b', at: null },
      { address: 'c', at: 3000 },
      { address: 'c', at: 3000 },
      { address: 'c', at: 3000 },
    ]
    expect(findBans(failures, rule).map(({ address, bannedAt }) => [address, bannedAt])).toEqual([
      ['c', 3000],
      ['b', null],
      ['a', null],
    ])
  })

  it('is nobody whose failures are far apart, in whatever order the logs are', () => {
    const days = [3, 1, 2].map((day) => ({ address: 'a', at: day * 86_400_000 }))
    expect(findBans(inTimeOrder(days), rule)[0]?.bannedAt).toBeNull()
    // a line without a time stays with the one before
    const mixed = [...at(9), { address: 'x', at: null }, ...at(1)]
    expect(inTimeOrder(mixed).map((failure) => [failure.address, failure.at])).toEqual([
      ['192.0.2.1', 1000],
      ['192.0.2.1', 9000],
      ['x', 9000],
    ])
  })
})
