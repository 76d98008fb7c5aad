import { hasOrigin, originOf, type BannedBy, type Bounds, type Origin } from '@bangui/shared'
import { expect, it } from 'vitest'
import { listActive, countAllActive } from './active.ts'
import { sampleActiveBans } from './active-samples.ts'
import { activeByCountry, countCountries } from './countries.ts'
import { byOrigin } from './by-origin.ts'
import { countAddresses, countDistinct } from './distinct.ts'
import { listHistory, listHistoryQuickly } from './history.ts'
import { recordPlans } from './query-plans.ts'
import { withOrigin, type Reading } from './reading.ts'
import { byCountry, byJail, totalsOf, total, trend } from './totals.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)
const pick = <TItem>(items: readonly TItem[], index: number): TItem => items[index % items.length] as TItem

const authors: readonly BannedBy[] = [
  { kind: 'fail2ban', name: null },
  { kind: 'fail2ban', name: null },
  { kind: 'user', name: 'ada' },
  { kind: 'unknown', name: null },
  { kind: 'blocklist', name: 'worms', list: 1 },
  { kind: 'blocklist', name: 'scanners', list: 12 },
]

const bans = Array.from({ length: 2000 }, (_, index) => ({
  address: `10.0.${index % 13}.${index % 31}`,
  at: start + ((index * 7_919_777) % (40 * 24 * hour)),
  jail: pick(['sshd', 'nginx', 'blocked'], index),
  country: pick(['DE', 'FR', '??', 'US'], index * 3),
  by: pick(authors, (index * 31) >> 2),
  active: index % 17 === 0,
})) satisfies TestBan[]

const origins: readonly Origin[] = ['fail2ban', 'user', 'unknown', 'blocklist', 'blocklist:1', 'blocklist:7']

const spans: readonly Bounds[] = [
  { from: 0, to: start + 41 * 24 * hour },
  { from: start + 7 * hour + 1, to: start + 30 * 24 * hour + 99 },
  { from: start + 5 * hour, to: start + 20 * hour },
]

type Row = (typeof bans)[number]

function countBy(rows: readonly Row[], keyOf: (row: Row) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + 1
  return counts
}

const toRecord = (rows: readonly { key: string; bans: number }[]) =>
  Object.fromEntries(rows.map(({ key, bans: count }) => [key, count]))

function finish<TResult>(steps: Generator<unknown, TResult>): TResult {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const isFirst = (row: Row): boolean =>
  bans.every((other) => other.address !== row.address || other.at >= row.at)

it.each(origins)('counts the bans of %s as counting ban by ban does', async (origin) => {
  const archive = await createTestArchive(bans)
  const reading = withOrigin(archive.reading, origin)
  const wanted = bans.filter(({ by }) => hasOrigin(by, origin))
  for (const bounds of spans) {
    const query = { named: null, bounds, now: 5, limit: 500 }
    const expected = wanted.filter(({ at }) => at >= bounds.from && at < bounds.to)
    expect(totalsOf(reading, bounds)).toEqual({
      bans: expected.length,
      failures: 0,
      newAddresses: expected.filter(isFirst).length,
    })
    expect(toRecord(byJail(reading, query))).toEqual(countBy(expected, ({ jail }) => jail))
    expect(toRecord(byCountry(reading, query))).toEqual(countBy(expected, ({ country }) => country))
    const { series } = trend(reading, { ...query, buckets: 20, measure: 'bans' })
    expect(series.reduce((sum, { points }) => sum + total(points), 0)).toBe(expected.length)
    const counted = finish(countDistinct(reading, bounds))
    const byAddress = countBy(expected, ({ address }) => address)
    expect(counted.addresses).toBe(Object.keys(byAddress).length)
    expect(toRecord(counted.topAddresses)).toEqual(byAddress)
    expect(finish(countAddresses(reading, bounds))).toBe(counted.addresses)
    const places = finish(countCountries(reading, bounds))
    expect(places.reduce((sum, place) => sum + place.bans, 0)).toBe(expected.length)
  }
  const inForce = wanted.filter(({ active }) => active)
  expect(countAllActive(reading)).toBe(inForce.length)
  expect(total(activeByCountry(reading, { now: 5, limit: 500 }).map((row) => row.bans))).toBe(inForce.length)
  const now = start + 60 * 24 * hour
  const buckets = { start, size: 60 * 24 * hour, count: 1 }
  expect(sampleActiveBans(reading, { from: start, to: now, now, ...buckets })).toEqual([inForce.length])
})

it.each(origins)('lists the bans of %s, newest first, with every other filter', async (origin) => {
  const { reading } = await createTestArchive(bans)
  const wanted = bans.filter(({ by }) => hasOrigin(by, origin)).toSorted((one, other) => other.at - one.at)
  const read = (filter: Parameters<typeof listHistory>[1]['filter']) => {
    const rows: string[] = []
    let cursor: string | null = null
    do {
      const page = listHistory(reading, { filter: { ...filter, origin }, cursor, limit: 50 })
      rows.push(...page.rows.map(({ address, at }) => `${address}@${at}`))
      expect(page.rows.every(({ by }) => hasOrigin(by, origin))).toBe(true)
      cursor = page.nextCursor
    } while (cursor !== null)
    return rows
  }
  const named = (rows: readonly Row[]) => rows.map(({ address, at }) => `${address}@${at}`)
  expect(read({})).toEqual(named(wanted))
  expect(read({ jail: 'sshd' })).toEqual(named(wanted.filter(({ jail }) => jail === 'sshd')))
  expect(read({ country: 'FR' })).toEqual(named(wanted.filter(({ country }) => country === 'FR')))
  const to = start + 20 * 24 * hour
  expect(read({ from: start + hour, to })).toEqual(
    named(wanted.filter(({ at }) => at >= start + hour && at < to)),
  )
  const active = listActive(reading, {
    filter: { origin },
    sort: 'since',
    cursor: null,
    offset: 0,
    limit: 500,
  })
  expect(active.total).toBe(wanted.filter((ban) => ban.active).length)
  expect(active.rows.every(({ by }) => hasOrigin(by, origin))).toBe(true)
})

it('counts the bans of each origin, with the newest name of a blocklist', async () => {
  const renamed: TestBan = {
    address: '10.9.9.9',
    at: start + 40 * 24 * hour,
    by: { kind: 'blocklist', name: 'new worms', list: 1 },
  }
  const { reading } = await createTestArchive([...bans, renamed])
  for (const bounds of spans) {
    const rows = byOrigin(reading, { named: null, bounds, now: 5 })
    const expected = [...bans, renamed].filter(({ at }) => at >= bounds.from && at < bounds.to)
    const counts = Map.groupBy(expected, ({ by }) => by && originOf(by))
    expect(new Map(rows.map(({ key, bans: count }) => [key, count]))).toEqual(
      new Map([...counts].map(([key, list]) => [key, list.length])),
    )
    expect(rows.find(({ key }) => key === 'blocklist:1')?.name).toBe('new worms')
    expect(rows.map(({ bans: count }) => count)).toEqual(
      rows.map(({ bans: count }) => count).toSorted((one, other) => other - one),
    )
  }
  const [only, ...others] = byOrigin(withOrigin(reading, 'user'), {
    named: null,
    bounds: spans[0] as Bounds,
    now: 5,
  })
  expect([only?.key, others]).toEqual(['user', []])
})

it('finds the few bans of a user among many without reading the others', async () => {
  const { reading } = await createTestArchive(bans)
  const plansOf = (read: (observed: Reading) => unknown): readonly string[] => {
    const { plans, observed } = recordPlans(reading)
    read(observed)
    return plans.filter((plan) => / b USING/.test(plan))
  }
  for (const filter of [{}, { jail: 'sshd' }, { country: 'DE' }]) {
    const plans = plansOf((observed) =>
      listHistoryQuickly(observed, { filter: { ...filter, origin: 'user' }, cursor: null, limit: 5 }),
    )
    expect(plans.filter((plan) => !plan.includes('rowid=?'))).toEqual([
      expect.stringContaining('COVERING INDEX bans_origin (origin=?'),
    ])
  }
  const counting = plansOf((observed) => totalsOf(withOrigin(observed, 'user'), spans[1] as Bounds))
  expect(counting).toEqual([
    expect.stringContaining('bans_origin (origin=? AND at>?'),
    expect.stringContaining('bans_origin (origin=? AND at>?'),
  ])
})
