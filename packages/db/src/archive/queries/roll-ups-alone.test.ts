import { expect, it } from 'vitest'
import { countDistinct } from './distinct.ts'
import { overviewTotals } from './overview.ts'
import { byCountry, byJail, trend } from './totals.ts'
import { createTestArchive } from './test-archive.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)
const bounds = { from: start, to: start + 50 * hour }
const query = { named: null, bounds, now: 0 }

it('numbers of whole hours and days need no ban: what they cost does not grow with these', async () => {
  const archive = await createTestArchive(
    Array.from({ length: 500 }, (_, index) => ({
      address: `10.0.${index % 50}.1`,
      at: start + ((index * 7_919_777) % (50 * hour)),
      jail: index % 3 === 0 ? 'nginx' : 'sshd',
      country: index % 5 === 0 ? 'FR' : 'DE',
    })),
  )
  archive.addFailures('sshd', start + hour, 9)
  const { reading } = archive
  const numbers = () => ({
    trend: trend(reading, { ...query, buckets: 50, measure: 'bans' }),
    failures: trend(reading, { ...query, buckets: 10, measure: 'failures' }),
    jails: byJail(reading, query),
    countries: byCountry(reading, { ...query, limit: 10 }),
    overview: overviewTotals(reading, bounds),
  })
  const before = numbers()
  expect(before).toMatchObject({
    jails: [{ key: 'sshd', failures: 9 }, { key: 'nginx' }],
    overview: { totals: { bans: 500 } },
  })
  reading.sqlite.exec('delete from bans')
  expect(numbers()).toEqual(before)
})

it('the addresses and networks of all there is are counted from one row an address', async () => {
  const { reading } = await createTestArchive(
    Array.from({ length: 500 }, (_, index) => ({ address: `10.0.${index % 50}.1`, at: start + index })),
  )
  const all = () => {
    const steps = countDistinct(reading, { from: 0, to: start * 2 })
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
  }
  const { addresses, topAddresses } = all()
  reading.sqlite.exec('delete from bans')
  expect(all().topAddresses.map(({ key, bans }) => [key, bans])).toEqual(
    topAddresses.map(({ key, bans }) => [key, bans]),
  )
  expect(all().addresses).toBe(addresses)
})
