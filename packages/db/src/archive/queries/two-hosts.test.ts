import { boundsBefore, type Bounds, type HostScope } from '@bangui/shared'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addTestHosts } from '../../testing/test-hosts.ts'
import { activeByCountry, countCountries } from './countries.ts'
import { countActive, countAllActive, findActive, listActive, listNetworks } from './active.ts'
import { sampleActiveBans } from './active-samples.ts'
import { findCovers } from './covers.ts'
import { describeAddress } from './describe-address.ts'
import { countAddresses, countDistinct } from './distinct.ts'
import { listEvents, listEventsAfter } from './events.ts'
import { getBan, listHistory, listHistoryQuickly, listLines } from './history.ts'
import { overviewTotals } from './overview.ts'
import { recordPlans } from './query-plans.ts'
import { withScope, type Reading } from './reading.ts'
import { banRevision } from './sequences.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'
import { timeBucketsOf } from './time-buckets.ts'
import { byCountry, byJail, totalsOverTime, totalsOf, trend } from './totals.ts'

const HOUR = 3_600_000
const start = Date.UTC(2026, 0, 1)
const now = start + 100 * HOUR
/** The local host and another one. */
const hosts = [1, 2] as const

const ban = fc.record({
  host: fc.constantFrom(...hosts),
  address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.1.1', '10.0.0.0/24', '2001:db8::1'),
  jail: fc.constantFrom('sshd', 'web'),
  country: fc.constantFrom('DE', 'FR', '??'),
  hour: fc.integer({ min: 0, max: 99 }),
  active: fc.boolean(),
  lines: fc.constantFrom([], ['a line']),
})

/** No two begin at the same moment, so that the bans of both could be those of one host. */
const story = fc.array(ban, { minLength: 1, maxLength: 40 }).map((bans) =>
  bans.map(({ hour, active, ...rest }, index): TestBan => ({
    ...rest,
    at: start + hour * HOUR + index * 1_000,
    active,
    duration: active ? -1 : 600,
    ...(active && { until: null }),
  })),
)

const spans: readonly Bounds[] = [
  { from: 0, to: now },
  { from: start + 10 * HOUR, to: start + 90 * HOUR },
  { from: start + 10.5 * HOUR, to: start + 12 * HOUR },
]

function finish<TResult>(steps: Iterator<unknown, TResult>): TResult {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Returns rows without some of their fields. */
const without = <TRow extends object>(rows: readonly TRow[], ...names: readonly (keyof TRow & string)[]) =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.some((other) => other === name))),
  )

/** Ids differ from one database to the next, and only rows of several hosts name theirs. */
const withoutIds = (rows: readonly { readonly id: number | null; readonly host?: string | undefined }[]) =>
  without(rows, 'id', 'host')

/** The order of equals is that of their ids. */
const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort()

/** What does not depend on which host has a ban: the answers for all hosts are those for one host with all the bans. */
function answers(reading: Reading) {
  const page = { cursor: null, offset: 0, limit: 100 }
  const filters = [{}, { jail: 'sshd' }, { country: 'DE' }, { text: 'e', from: start + 20 * HOUR }]
  return {
    spans: spans.map((bounds) => {
      const query = { named: null, bounds, now, limit: 10 }
      const { bans, failures } = totalsOf(reading, bounds)
      const { topAddresses, topNetworks, addresses } = finish(countDistinct(reading, bounds))
      const countries = finish(countCountries(reading, bounds))
      return {
        totals: { bans, failures },
        byJail: byJail(reading, query),
        byCountry: byCountry(reading, query),
        trend: trend(reading, { ...query, buckets: 10, measure: 'bans' }).series,
        overTime: totalsOverTime(reading, bounds, timeBucketsOf({ ...bounds, from: start }, 5)).bans,
        addresses,
        previous: finish(countAddresses(reading, boundsBefore(bounds) ?? bounds)),
        topAddresses: without(topAddresses, 'most', 'jails', 'country'),
        topNetworks: without(topNetworks, 'country'),
        countries: countries.reduce((sum, { addresses: count }) => sum + count, 0),
        samples: sampleActiveBans(reading, { ...bounds, start: bounds.from, size: HOUR, count: 20, now }),
      }
    }),
    history: filters.map((filter) =>
      withoutIds(listHistory(reading, { filter, cursor: null, limit: 100 }).rows),
    ),
    quickly: listHistoryQuickly(reading, { filter: {}, cursor: null, limit: 100 })?.rows.length,
    active: filters.map((filter) =>
      sorted(withoutIds(listActive(reading, { ...page, filter, sort: '-since' }).rows)),
    ),
    count: [countAllActive(reading), sorted([...countActive(reading)])],
    found: ['10.0.0.1', '10.0.0.0/8'].map((text) => sorted(withoutIds(findActive(reading, [text])))),
    networks: listNetworks(reading).toSorted(),
    covers: findCovers(reading, ['10.0.0.1', '10.0.0.9']).map(({ address, by }) => [
      address,
      ...withoutIds([by]),
    ]),
    activeByCountry: activeByCountry(reading, { now, limit: 9 }).map(({ bans }) => bans).length > 0,
  }
}

/** What counts on each host. */
const perHost = (reading: Reading) => ({
  newAddresses: spans.map((bounds) => totalsOf(reading, bounds).newAddresses),
  detail: describeAddress(reading, '10.0.0.1', now).totals,
  neighbours: describeAddress(reading, '10.0.0.1', now).neighbours,
  timeline: describeAddress(reading, '10.0.0.1', now).timeline,
  overview: overviewTotals(reading, spans[1] ?? { from: 0, to: now }).totals,
})

async function fill(bans: readonly TestBan[]) {
  const archive = await createTestArchive()
  addTestHosts(archive.reading.sqlite, hosts)
  archive.addBans(bans)
  archive.rollUp()
  const about = (scope: HostScope) => withScope(archive.reading, scope)
  return { ...archive, about }
}

describe('two hosts in one database', () => {
  it('answer each as if it were alone, and together as one host with the bans of both', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (bans) => {
        const both = await fill(bans)
        for (const host of hosts) {
          const own = bans.filter((each) => each.host === host)
          const alone = (await fill(own.map((each) => ({ ...each, host: 1 })))).about([1])
          expect(answers(both.about([host]))).toEqual(answers(alone))
          expect(perHost(both.about([host]))).toEqual(perHost(alone))
        }
        const merged = (await fill(bans.map((each) => ({ ...each, host: 1 })))).about([1])
        for (const scope of ['all', [1, 2], [2, 1]] as const)
          expect(answers(both.about(scope))).toEqual(answers(merged))
      }),
      { numRuns: 40 },
    )
  })

  it('add up what counts on each host', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (bans) => {
        const { about } = await fill(bans)
        for (const bounds of spans) {
          const [one, other, all] = [[1], [2], 'all' as const].map((scope) => totalsOf(about(scope), bounds))
          expect(all?.newAddresses).toBe((one?.newAddresses ?? 0) + (other?.newAddresses ?? 0))
          const most = (scope: HostScope) =>
            new Map(
              finish(countDistinct(about(scope), bounds)).topAddresses.map((row) => [row.key, row.bans]),
            )
          const counts = [most([1]), most([2])]
          for (const { key, most: highest } of finish(countDistinct(about('all'), bounds)).topAddresses)
            expect(highest).toBe(Math.max(...counts.map((count) => count.get(key) ?? 0)))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('find who was banned often on one host among hundreds that were banned more often in all', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `10.1.${index >> 8}.${index & 255}`)
    const twiceOnEach = many.flatMap((address, index) =>
      [1, 2, 1, 2].map((host, time) => ({ host, address, at: start + (4 * index + time) * 1_000 })),
    )
    const onOne = [1, 2, 3].map((time) => ({ host: 1, address: '10.0.0.1', at: start + time * HOUR }))
    const { about } = await fill([...twiceOnEach, ...onOne])
    const [first] = finish(countDistinct(about('all'), { from: 0, to: now })).topOnOneHost
    expect(first).toMatchObject({ key: '10.0.0.1', most: 3, bans: 3 })
  })

  it('know that bans came in on one of them, and not on the other', async () => {
    const { about, addBans, rollUp } = await fill([{ host: 1, address: '10.0.0.1', at: start }])
    const before = [[1], [2], 'all' as const].map((scope) => banRevision(about(scope)))
    addBans([{ host: 2, address: '10.0.0.1', at: start }])
    rollUp()
    const after = [[1], [2], 'all' as const].map((scope) => banRevision(about(scope)))
    expect(after.map((revision, index) => revision > (before[index] ?? 0))).toEqual([false, true, true])
  })

  it('hide the bans of one from the other, also by their id', async () => {
    const { about } = await fill([
      { host: 1, address: '10.0.0.1', at: start, lines: ['one'] },
      { host: 2, address: '10.0.0.1', at: start, lines: ['other'] },
    ])
    expect(getBan(about([1]), 1)).toMatchObject({ address: '10.0.0.1' })
    expect(getBan(about([1]), 2)).toBeUndefined()
    expect(listLines(about([1]), 2)).toEqual([])
    expect(listLines(about([2]), 2)).toEqual(['other'])
    expect(getBan(about('all'), 2)).toBeDefined()
    expect(listHistory(about([]), { filter: {}, cursor: null, limit: 9 }).rows).toEqual([])
  })

  it('name the host of each row where there are several', async () => {
    const { about, reading } = await fill([
      { host: 1, address: '10.0.0.1', at: start, active: true },
      { host: 2, address: '10.0.0.1', at: start + 1, active: true },
    ])
    const insert = reading.sqlite.prepare('insert into events (host_id, at, type, data) values (?, 1, ?, ?)')
    for (const host of hosts) insert.run(host, 'reset', JSON.stringify({ type: 'reset', at: host }))
    const hostsOf = (scope: HostScope) => {
      const page = { filter: {}, cursor: null, limit: 9 }
      const events = { before: null, types: null, jail: null, limit: 9 }
      return {
        history: listHistory(about(scope), page).rows.map(({ host }) => host),
        active: listActive(about(scope), { ...page, sort: '-since', offset: 0 }).rows.map(({ host }) => host),
        events: listEvents(about(scope), events).map(({ event }) => event.host),
        after: listEventsAfter(about(scope), 0, 9)?.map(({ event }) => event.host),
      }
    }
    const [local, other] = ['local', 'host-2']
    const newestFirst = [other, local]
    expect(hostsOf('all')).toEqual({
      history: newestFirst,
      active: newestFirst,
      events: newestFirst,
      after: [local, other],
    })
    const one = [undefined]
    expect(hostsOf([2])).toEqual({ history: one, active: one, events: one, after: one })
  })

  it('show the country that was learnt of an address last', async () => {
    const { about } = await fill([
      { host: 1, address: '10.0.0.1', at: start, country: 'DE' },
      { host: 2, address: '10.0.0.1', at: start + 1, country: 'FR' },
      { host: 1, address: '10.0.0.2', at: start + 2, country: 'DE' },
      { host: 2, address: '10.0.0.2', at: start + 3, country: '??' },
    ])
    const bounds = { from: 0, to: now }
    const { topAddresses } = finish(countDistinct(about('all'), bounds))
    expect(new Map(topAddresses.map(({ key, country }) => [key, country]))).toEqual(
      new Map([
        ['10.0.0.1', 'FR'],
        ['10.0.0.2', 'DE'],
      ]),
    )
    expect(finish(countCountries(about('all'), bounds))).toEqual([
      { key: 'DE', bans: 2, addresses: 1 },
      { key: 'FR', bans: 2, addresses: 1 },
    ])
  })
})

it('a scope with every host has no condition for them', async () => {
  const { about } = await fill([{ address: '10.0.0.1', at: start, active: true }])
  const plansOf = (scoped: Reading) => {
    const { plans, observed } = recordPlans(scoped)
    answers(observed)
    describeAddress(observed, '10.0.0.1', now)
    return plans
  }
  const plain = plansOf(about('all'))
  expect(plansOf(about([1, 2]))).toEqual(plain)
  for (const plan of plain) expect(plan).not.toContain('SCAN country_')
  // one of them enters every index as before, and only leaves out what is another's
  for (const plan of plansOf(about([1]))) expect(plan).not.toContain('SCAN country_')
})

it('a scope with the only host reads as if there were no hosts', async () => {
  const { reading } = await createTestArchive([{ address: '10.0.0.1', at: start, active: true }])
  const plansOf = (scoped: Reading) => {
    const { plans, observed } = recordPlans(scoped)
    answers(observed)
    return plans
  }
  for (const scope of ['all', [1]] as const)
    expect(plansOf(withScope(reading, scope))).toEqual(plansOf(reading))
})
