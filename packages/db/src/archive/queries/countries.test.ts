import type { Bounds } from '@bangui/shared'
import { expect, it } from 'vitest'
import { activeByCountry, countCountries } from './countries.ts'
import { recordPlans } from './query-plans.ts'
import type { Reading } from './reading.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

/** 40 addresses of three countries, most of them banned more than once over ten hours. */
const bans: readonly TestBan[] = Array.from({ length: 300 }, (_, index) => ({
  address: `10.0.0.${(index * 7) % 40}`,
  at: start + index * 120_000,
  jail: index % 3 === 0 ? 'nginx' : 'sshd',
  country: ['DE', 'FR', '??'][((index * 7) % 40) % 3] ?? '',
}))

function countAll(reading: Reading, bounds: Bounds) {
  const steps = countCountries(reading, bounds)
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

/** The same, counted in the plainest way. */
function countPlainly(bounds: Bounds) {
  const within = bans.filter(({ at }) => at >= bounds.from && at < bounds.to)
  return ['DE', 'FR', '??']
    .map((key) => {
      const here = within.filter(({ country }) => country === key)
      return { key, bans: here.length, addresses: new Set(here.map(({ address }) => address)).size }
    })
    .filter(({ addresses }) => addresses > 0)
}

it.each([
  ['all there is', { from: 0, to: start * 2 }],
  ['most of it', { from: start + hour, to: start + 9 * hour }],
  ['a few minutes', { from: start + hour + 1, to: start + hour + 900_000 }],
  ['a time without bans', { from: 1, to: 2 }],
])('counts the distinct addresses of %s by country', async (_, bounds) => {
  const { reading } = await createTestArchive(bans)
  const counted = countAll(reading, bounds)
  const byKey = (one: { key: string }, other: { key: string }) => (one.key < other.key ? -1 : 1)
  expect(counted.toSorted(byKey)).toEqual(countPlainly(bounds).toSorted(byKey))
  expect(counted.map(({ addresses }) => addresses)).toEqual(
    counted.map(({ addresses }) => addresses).toSorted((one, other) => other - one),
  )
})

const inForce: readonly TestBan[] = [
  { address: '10.0.0.1', at: 1, country: 'DE', active: true },
  { address: '10.0.0.1', at: 2, country: 'DE', jail: 'nginx', active: true },
  { address: '10.0.0.2', at: 3, country: 'FR', active: true },
  { address: '2001:db8::1', at: 4, country: 'FR', active: true },
  { address: '10.0.0.3', at: 5, active: true },
  { address: '10.0.0.4', at: 6, country: 'DE' },
]

it('counts each address that is banned now once, in however many jails it is', async () => {
  const { reading } = await createTestArchive(inForce)
  expect(activeByCountry(reading, { now: 9, limit: 10 })).toEqual([
    { key: 'FR', bans: 2, addresses: 2, asOf: 9 },
    { key: '??', bans: 1, addresses: 1, asOf: 9 },
    { key: 'DE', bans: 2, addresses: 1, asOf: 9 },
  ])
  expect(activeByCountry(reading, { now: 9, limit: 1 })).toMatchObject([{ key: 'FR' }])
})

it('takes the country of the newest ban of an address', async () => {
  const { reading } = await createTestArchive([
    { address: '10.0.0.1', at: 1, country: '??', jail: 'sshd', active: true },
    { address: '10.0.0.1', at: 3, country: 'FR', jail: 'nginx', active: true },
    { address: '10.0.0.1', at: 2, country: 'DE', jail: 'web', active: true },
  ])
  expect(activeByCountry(reading, { now: 9, limit: 10 })).toEqual([
    { key: 'FR', bans: 3, addresses: 1, asOf: 9 },
  ])
})

it('reads those that are banned now from their index alone, however much history there is', async () => {
  const { reading } = await createTestArchive(inForce)
  const { observed, plans } = recordPlans(reading)
  activeByCountry(observed, { now: 9, limit: 10 })
  expect(plans.join('\n')).toMatch(/USING COVERING INDEX bans_active/)
})
