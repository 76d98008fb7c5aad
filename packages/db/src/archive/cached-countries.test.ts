import { expect, it } from 'vitest'
import { createCachedCountries } from './cached-countries.ts'

const bounds = { from: 0, to: 9 }
const now = 1_000_000

function setUp() {
  let counted = 0
  const byCountry = createCachedCountries(async () => {
    counted += 1
    return ['DE', 'FR'].map((key) => ({ key, bans: 1, addresses: 1 }))
  })
  return { byCountry, counted: () => counted }
}

it('counts a range with a name once a minute', async () => {
  const { byCountry, counted } = setUp()
  const query = { named: 'all', bounds, limit: 1 } as const
  expect(await byCountry({ ...query, now })).toEqual([{ key: 'DE', bans: 1, addresses: 1, asOf: now }])
  expect(await byCountry({ ...query, limit: 5, now: now + 59_999 })).toHaveLength(2)
  expect(counted()).toBe(1)
  expect(await byCountry({ ...query, now: now + 60_000 })).toMatchObject([{ asOf: now + 60_000 }])
  expect(await byCountry({ ...query, now: now - 1 })).toMatchObject([{ asOf: now - 1 }])
  expect(counted()).toBe(3)
})

it('counts another span for all who ask at once, and anew for who asks later', async () => {
  const { byCountry, counted } = setUp()
  const query = { named: null, bounds, now, limit: 5 }
  await Promise.all([byCountry(query), byCountry(query)])
  expect(counted()).toBe(1)
  await byCountry(query)
  expect(counted()).toBe(2)
})

it('is given up by who asked', async () => {
  const { byCountry, counted } = setUp()
  const query = { named: null, bounds, now, limit: 5 }
  await expect(byCountry(query, { signal: AbortSignal.abort() })).rejects.toThrow()
  expect(counted()).toBe(0)
})

it('spans without a name are counted one after the other, and let one with a name pass', async () => {
  const waiting: (() => void)[] = []
  const byCountry = createCachedCountries(async ({ bounds: { from } }) => {
    if (from > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    return []
  })
  const spans = [1, 2].map((from) => byCountry({ named: null, bounds: { from, to: 9 }, now, limit: 5 }))
  expect(await byCountry({ named: 'all', bounds, now, limit: 5 })).toEqual([])
  expect(waiting).toHaveLength(1)
  waiting[0]?.()
  await spans[0]
  await expect.poll(() => waiting.length).toBe(2)
  waiting[1]?.()
  await spans[1]
})
