import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import {
  deleteGeoSeenBefore,
  findGeo,
  listRecentGeo,
  touchGeo,
  upsertGeo,
  type CachedGeo,
} from './geo-cache.ts'

const geo = (address: string, fields: Partial<CachedGeo> = {}): CachedGeo => ({
  address,
  country: 'DE',
  asn: 3320,
  organisation: 'Telekom',
  lookedUpAt: 100,
  lastSeen: 100,
  ...fields,
})

it('gives back what was stored, and nothing for the rest', async () => {
  await using database = await openTestDatabase()
  const unknown = geo('192.0.2.2', { country: null, asn: null, organisation: null })
  await upsertGeo(database.db, [geo('192.0.2.1'), unknown])
  expect(await findGeo(database.db, ['192.0.2.2', '192.0.2.9'])).toEqual([unknown])
})

it('replaces an answer by a newer one and never goes back in when it was seen', async () => {
  await using database = await openTestDatabase()
  await upsertGeo(database.db, [geo('192.0.2.1', { lastSeen: 500 })])
  await upsertGeo(database.db, [geo('192.0.2.1', { country: 'FR', lookedUpAt: 300, lastSeen: 300 })])
  await touchGeo(database.db, ['192.0.2.1', '192.0.2.9'], 400)
  expect(await listRecentGeo(database.db, 10)).toEqual([
    geo('192.0.2.1', { country: 'FR', lookedUpAt: 300, lastSeen: 500 }),
  ])
})

it('deletes what was seen strictly before a time, in steps', async () => {
  await using database = await openTestDatabase()
  await upsertGeo(
    database.db,
    [1, 2, 3, 4].map((number) => geo(`192.0.2.${number}`, { lastSeen: number })),
  )
  await touchGeo(database.db, ['192.0.2.1'], 10)
  expect(await deleteGeoSeenBefore(database.db, 4, 1)).toBe(1)
  expect(await deleteGeoSeenBefore(database.db, 4)).toBe(1)
  expect(await deleteGeoSeenBefore(database.db, 4)).toBe(0)
  expect((await listRecentGeo(database.db, 10)).map(({ address }) => address)).toEqual([
    '192.0.2.1',
    '192.0.2.4',
  ])
})

it('takes as many addresses as a blocklist has', async () => {
  await using database = await openTestDatabase()
  const rows = Array.from({ length: 40_000 }, (_, index) => geo(`10.0.${index >> 8}.${index & 255}`))
  await upsertGeo(database.db, rows)
  const addresses = rows.map(({ address }) => address)
  await touchGeo(database.db, addresses, 200)
  const found = await findGeo(database.db, addresses)
  expect(found).toHaveLength(40_000)
  expect(found.every(({ lastSeen }) => lastSeen === 200)).toBe(true)
})
