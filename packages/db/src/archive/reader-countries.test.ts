import { expect, it } from 'vitest'
import { createCountries } from './reader-countries.ts'

const bounds = { from: 0, to: 9 }
const now = 1_000_000

function setUp() {
  let counted = 0
  const byCountry = createCountries(async () => {
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
