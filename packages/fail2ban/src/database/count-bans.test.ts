import { expect, test } from 'vitest'
import { unpackAddresses } from '../packed-addresses.ts'
import { countBans } from './count-bans.ts'
import { createTestDatabase } from './testing/fail2ban-database.ts'

test('bans are counted by jail and time, and by address and network, with the span before', async () => {
  await using file = await createTestDatabase()
  file.insert('bans', [
    { ip: '192.0.2.1', timeofban: 7200 },
    { ip: '192.0.2.1', timeofban: 7300, jail: 'web' },
    { ip: '192.0.2.2', timeofban: 10_800 },
    { ip: '192.0.2.3', timeofban: 99_999 },
    { ip: '192.0.2.4', timeofban: 'never' },
    { ip: '2001:DB8::1', timeofban: 10_801 },
    { ip: '2001:db8:0:7::2', timeofban: 10_802 },
    { ip: '2001:db8:0:7::2', timeofban: 3601 },
    { ip: '192.0.2.2', timeofban: 3600 },
    { ip: '192.0.2.2', timeofban: 100 },
    { ip: 'example.org', timeofban: 7400 },
  ])
  const count = (from: number, to: number) =>
    countBans(file.database, { from: from * 1000, to: to * 1000, bucketSeconds: 3600 })
  const { packed, ...counts } = count(7200, 10_900)
  expect(counts).toEqual({
    bans: 6,
    addresses: 5,
    newAddresses: 3,
    previous: { bans: 2, addresses: 2, newAddresses: 1 },
    buckets: [
      { jail: 'sshd', start: 7_200_000, bans: 2 },
      { jail: 'web', start: 7_200_000, bans: 1 },
      { jail: 'sshd', start: 10_800_000, bans: 3 },
    ],
    firsts: [
      { start: 7_200_000, count: 2 },
      { start: 10_800_000, count: 1 },
    ],
    topAddresses: [
      { address: '192.0.2.1', bans: 2, jails: 2, firstAt: 7_200_000, lastAt: 7_300_000 },
      { address: '2001:db8:0:7::2', bans: 1, jails: 1, firstAt: 10_802_000, lastAt: 10_802_000 },
      { address: '2001:db8::1', bans: 1, jails: 1, firstAt: 10_801_000, lastAt: 10_801_000 },
      { address: '192.0.2.2', bans: 1, jails: 1, firstAt: 10_800_000, lastAt: 10_800_000 },
      { address: 'example.org', bans: 1, jails: 1, firstAt: 7_400_000, lastAt: 7_400_000 },
    ],
    topNetworks: [
      { network: '192.0.2.0/24', bans: 3, addresses: 2 },
      { network: '2001:db8::/48', bans: 2, addresses: 2 },
    ],
  })
  expect(packed.others).toBe(1)
  expect(Object.fromEntries([...unpackAddresses(packed)].map((one) => [one.address, one.bans]))).toEqual({
    '192.0.2.1': 2,
    '192.0.2.2': 1,
    '2001:db8::1': 1,
    '2001:db8:0:7::2': 1,
  })
  expect(count(0, 200)).toMatchObject({ bans: 1, newAddresses: 1, previous: null })
  expect(count(1e9, 2e9)).toMatchObject({ bans: 0, buckets: [], topAddresses: [], topNetworks: [] })
})

test('where there are too many buckets they become longer, and nothing is lost', async () => {
  await using file = await createTestDatabase()
  file.insert(
    'bans',
    Array.from({ length: 60_000 }, (_, n) => ({ ip: `10.0.0.${n % 9}`, timeofban: (n % 30_000) * 3600 })),
  )
  const query = { from: 0, to: 1e12, bucketSeconds: 3600 }
  const { buckets, bans } = countBans(file.database, query)
  expect(buckets).toHaveLength(1250)
  expect(buckets[1]).toEqual({ jail: 'sshd', start: 86_400_000, bans: 48 })
  expect(bans).toBe(60_000)
})

test('a text that is no valid Unicode, as in a broken file, keeps nobody counting for ever', async () => {
  await using file = await createTestDatabase()
  file.insert('bans', [{ timeofban: 7200 }])
  file.database.exec(`insert into bans values ('sshd', cast(x'ff41' as text), 7300, 600, 1, null)`)
  expect(countBans(file.database, { from: 0, to: 1e12, bucketSeconds: 3600 })).toMatchObject({
    addresses: 1,
    buckets: [{ jail: 'sshd', bans: 2 }],
  })
})

test('ids that differ behind a NUL are counted apart', async () => {
  await using file = await createTestDatabase()
  file.insert(
    'bans',
    ['a\u0000b', 'a\u0000c', 'a'].map((ip) => ({ ip, timeofban: 1_000 })),
  )
  const counts = countBans(file.database, { from: 0, to: 2_000_000, bucketSeconds: 3600 })
  expect(counts.topAddresses.map(({ address }) => address).toSorted()).toEqual([
    String.raw`"a\u{0}b"`,
    String.raw`"a\u{0}c"`,
    'a',
  ])
})
