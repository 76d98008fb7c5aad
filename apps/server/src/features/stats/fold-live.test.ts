import { createPacker } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import {
  addressesByCountryOf,
  countryStatsOf,
  networkStatsOf,
  addressStatsOf,
  type FoldOptions,
} from './fold-live-addresses.ts'
import { boundsOfAll, jailStatsOf, pointsOf, sparklineSeconds, trendOf, trendBuckets } from './fold-live.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const span = (length: number) => ({ from: 10 * DAY, to: 10 * DAY + length })

describe('the points of a sparkline', () => {
  it.each([
    [HOUR, 60],
    [6 * HOUR, 600],
    [DAY, 1_800],
    [7 * DAY, 10_800],
    [30 * DAY, 43_200],
    [90 * DAY, 172_800],
    [365 * DAY, 691_200],
    [3650 * DAY, 5_529_600],
  ])('of a span of %i ms are 24 to 60', (length, seconds) => {
    expect(sparklineSeconds(span(length))).toBe(seconds)
    const points = Math.ceil(length / 1_000 / seconds)
    expect(points).toBeGreaterThanOrEqual(24)
    expect(points).toBeLessThanOrEqual(60)
  })

  it('are a second at least', () => {
    expect(sparklineSeconds(span(5_000))).toBe(1)
    expect(sparklineSeconds(span(10 * 60_000))).toBe(10)
  })
})

it('a trend has whole hours or days, at most so many, and begins with one', () => {
  const seconds = (length: number, wanted: number) => trendBuckets(span(length), wanted).seconds
  expect(seconds(DAY, 60)).toBe(3_600)
  expect(seconds(7 * DAY, 60)).toBe(10_800)
  expect(seconds(30 * DAY, 60)).toBe(43_200)
  expect(seconds(30 * DAY, 40)).toBe(86_400)
  expect(seconds(365 * DAY, 60)).toBe(7 * 86_400)
  expect(trendBuckets({ from: 10 * DAY + 1, to: 10 * DAY + HOUR + 1 }, 1)).toEqual({
    start: 10 * DAY,
    seconds: 7_200,
  })
})

it('a trend of at most six hours has whole minutes', () => {
  expect(trendBuckets(span(60_000), 1_000).seconds).toBe(60)
  expect(trendBuckets(span(HOUR), 60).seconds).toBe(60)
  expect(trendBuckets(span(6 * HOUR), 60).seconds).toBe(600)
  expect(trendBuckets(span(6 * HOUR + 1), 60).seconds).toBe(3_600)
  expect(trendBuckets({ from: 10 * DAY + 1, to: 10 * DAY + HOUR + 1 }, 60)).toEqual({
    start: 10 * DAY,
    seconds: 120,
  })
  const items = [{ jail: 'sshd', start: 10 * DAY + 120_000, bans: 2 }]
  expect(trendOf(items, span(HOUR), 60).series[0]?.points.indexOf(2)).toBe(2)
})

it('points have what happened in them, and lose nothing', () => {
  const items = [0, 999, 1_000, 2_500, 9_999].map((at) => ({ at: at + 100, count: 1 }))
  expect(pointsOf(items, { from: 100, to: 2_600 }, 1)).toEqual([2, 1, 2])
  expect(pointsOf([], { from: 0, to: 500 }, 1)).toEqual([0])
})

const buckets = [
  { jail: 'sshd', start: 10 * DAY, bans: 2 },
  { jail: 'nginx', start: 10 * DAY + HOUR, bans: 5 },
  { jail: 'sshd', start: 10 * DAY + 3 * HOUR, bans: 1 },
]

describe('a trend', () => {
  it('is a series a jail, most first', () => {
    expect(trendOf(buckets, span(8 * HOUR), 8)).toEqual({
      bucketSeconds: 3_600,
      start: 10 * DAY,
      series: [
        { jail: 'nginx', points: [0, 5, 0, 0, 0, 0, 0, 0] },
        { jail: 'sshd', points: [2, 0, 0, 1, 0, 0, 0, 0] },
      ],
    })
  })

  it('over all there is begins with the first ban, and where there is none with the last day', () => {
    const all = { from: 0, to: 11 * DAY }
    expect(trendOf(buckets, all, 60)).toMatchObject({ start: 10 * DAY, bucketSeconds: 3_600 })
    expect(trendOf([], all, 60)).toEqual({ start: 10 * DAY, bucketSeconds: 3_600, series: [] })
    expect(boundsOfAll(span(DAY), buckets)).toEqual(span(DAY))
  })
})

it('numbers by jail are sums, most first', () => {
  expect(jailStatsOf(buckets, 7)).toEqual([
    { key: 'nginx', bans: 5, failures: 0, asOf: 7 },
    { key: 'sshd', bans: 3, failures: 0, asOf: 7 },
  ])
})

const one = (address: string, bans: number) => ({ address, bans, jails: 1, firstAt: 1, lastAt: 2 })
const addresses = [
  one('203.0.113.5', 9),
  one('2001:db8::1', 3),
  one('203.0.113.7', 2),
  one('2001:db8:0:5::9', 2),
  one('x.example', 1),
]

function pack(some: readonly { readonly address: string; readonly bans: number }[]) {
  const { add, pack: packed } = createPacker(some.length)
  for (const { address, bans } of some) add(address, bans)
  return packed()
}

const options: FoldOptions = {
  countryOf: (address) => (address.startsWith('203.') ? 'AU' : null),
  asOf: 7,
  limit: 10,
}

describe('numbers by address', () => {
  it('are summed by country, the unknown ones too', async () => {
    expect(await countryStatsOf(pack(addresses), options)).toEqual([
      { key: 'AU', bans: 11, asOf: 7 },
      { key: '??', bans: 6, asOf: 7 },
    ])
  })

  it('are counted once by country, with what is no address in none that is known', async () => {
    expect(await addressesByCountryOf({ packed: pack(addresses), addresses: 5 }, options)).toEqual([
      { key: '??', bans: 6, addresses: 3, asOf: 7 },
      { key: 'AU', bans: 11, addresses: 2, asOf: 7 },
    ])
  })

  it('have the country of their network', () => {
    const networks = [
      { network: '203.0.113.0/24', bans: 11, addresses: 2 },
      { network: '2001:db8::/48', bans: 5, addresses: 2 },
      { network: '192.0.2.0/24', bans: 1, addresses: 1 },
    ]
    expect(networkStatsOf(networks, { ...options, limit: 2 })).toEqual([
      { key: '203.0.113.0/24', bans: 11, addresses: 2, country: 'AU', asOf: 7 },
      { key: '2001:db8::/48', bans: 5, addresses: 2, country: null, asOf: 7 },
    ])
  })

  it('are those with so many bans', () => {
    expect(addressStatsOf(addresses, 3, options)).toEqual([
      { key: '203.0.113.5', bans: 9, jails: 1, firstAt: 1, lastAt: 2, country: 'AU', asOf: 7 },
      { key: '2001:db8::1', bans: 3, jails: 1, firstAt: 1, lastAt: 2, country: null, asOf: 7 },
    ])
  })

  it('of very many let others have their turn, and stop when nobody waits', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => one(`10.${index >> 8}.${index & 255}.1`, 1))
    let turns = 0
    const count = () => {
      turns += 1
      if (turns < 5) setImmediate(count)
    }
    setImmediate(count)
    await countryStatsOf(pack(many), options)
    expect(turns).toBeGreaterThanOrEqual(4)
    await expect(countryStatsOf(pack(many), { ...options, signal: AbortSignal.abort() })).rejects.toThrow()
  })
})
