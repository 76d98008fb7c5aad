import { boundsOf, type Bounds, type NamedRange } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createCachedAggregates } from './cached-aggregates.ts'
import type { Count, CountQuery } from './reader-methods.ts'

const start = Date.UTC(2026, 5, 1, 12)
const minute = 60_000

/** Counts how often it was asked; each counting finds one address more. */
function createCounting() {
  const asked: CountQuery[] = []
  let newest = 1
  const count = (query: CountQuery): Promise<Count> => {
    asked.push(query)
    const addresses = asked.length
    return Promise.resolve({
      addresses,
      previousAddresses: 9,
      topAddresses: [],
      topOnOneHost: [],
      topNetworks: [],
      activeSamples: [],
    })
  }
  return { asked, ban: () => newest++, count, banRevision: () => Promise.resolve(newest) }
}

const named = (range: NamedRange, now: number) => ({ named: range, bounds: boundsOf(range, now), now })
const free = (bounds: Bounds, now: number) => ({ named: null, bounds, now })

it('answers a named range from what was counted in the last minute', async () => {
  const counting = createCounting()
  const aggregates = createCachedAggregates(counting)
  await aggregates.find(named('24h', start))
  counting.ban()
  expect(await aggregates.find(named('24h', start + minute - 1))).toMatchObject({ addresses: 1, asOf: start })
  const later = start + minute
  expect(await aggregates.find(named('24h', later))).toMatchObject({ addresses: 2, asOf: later })
})

it('does not answer from a counting that found nothing once there is something', async () => {
  let addresses = 0
  const counting = createCounting()
  const count = async (query: CountQuery) => ({ ...(await counting.count(query)), addresses })
  const aggregates = createCachedAggregates({ ...counting, count })
  await aggregates.find(named('24h', start))
  counting.ban()
  addresses = 3
  expect(await aggregates.find(named('24h', start + 1_000))).toMatchObject({ addresses: 3 })
})

it('counts a named range again before it is too old, as long as somebody asks for it', async () => {
  const counting = createCounting()
  const aggregates = createCachedAggregates(counting)
  await aggregates.find(named('7d', start))
  for (let now = start; now <= start + 12 * minute; now += 5000) {
    counting.ban()
    await aggregates.refreshDue(now)
  }
  // every 45 s for ten minutes, then no more
  expect(counting.asked).toHaveLength(14)
})

it('counts nothing again while no ban comes in and the range stays the same', async () => {
  const counting = createCounting()
  const aggregates = createCachedAggregates(counting)
  await aggregates.find(named('24h', start))
  await aggregates.refreshDue(start + minute)
  expect(await aggregates.find(named('24h', start + minute))).toMatchObject({
    addresses: 1,
    asOf: start + minute,
  })
  // the next hour
  expect(await aggregates.find(named('24h', start + 61 * minute))).toMatchObject({ addresses: 2 })
})

it('counts the span before once while it stays the same', async () => {
  const counting = createCounting()
  const aggregates = createCachedAggregates(counting)
  for (const now of [start, start + minute, start + 2 * minute]) {
    counting.ban()
    await aggregates.find(named('24h', now))
  }
  expect(counting.asked.map(({ previousAddresses }) => previousAddresses)).toEqual([null, 9, 9])
})

it('counts another range exactly: anew after each ban', async () => {
  const counting = createCounting()
  const aggregates = createCachedAggregates(counting)
  const bounds = { from: 1, to: 2 }
  const found = [await aggregates.find(free(bounds, start)), await aggregates.find(free(bounds, start + 1))]
  counting.ban()
  found.push(await aggregates.find(free(bounds, start + 2)))
  expect(found.map(({ addresses, asOf }) => [addresses, asOf - start])).toEqual([
    [1, 0],
    [1, 1],
    [2, 2],
  ])
})

it('counts once for all who ask at the same time', async () => {
  const counting = createCounting()
  const aggregates = createCachedAggregates(counting)
  await Promise.all([1, 2, 3].map(() => aggregates.find(named('30d', start))))
  expect(counting.asked).toHaveLength(1)
})

it('counts few spans without a name at once, and a named range beside them', async () => {
  const counting = createCounting()
  const gate = Promise.withResolvers<void>()
  const aggregates = createCachedAggregates({
    ...counting,
    async count(query) {
      const counted = await counting.count(query)
      await gate.promise
      return counted
    },
  })
  const spans = Array.from({ length: 50 }, (_, index) =>
    aggregates.find(free({ from: index, to: start }, start)),
  )
  const day = aggregates.find(named('24h', start))
  await new Promise((resolve) => setImmediate(resolve))
  expect(counting.asked).toHaveLength(3)
  gate.resolve()
  await Promise.all([day, ...spans])
  expect(counting.asked).toHaveLength(51)
})
