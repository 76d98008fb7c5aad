import { addressKey } from '@bangui/shared'
import { expect, it } from 'vitest'
import { describeAddress, isWide } from './describe-address.ts'
import { createTestArchive } from './test-archive.ts'

const day = 86_400_000
const now = Date.UTC(2026, 5, 1, 12)

async function createExample() {
  const archive = await createTestArchive([
    { address: '192.0.2.1', at: now - 500 * day, jail: 'nginx' },
    { address: '192.0.2.1', at: now - 2 * day, lines: ['one', 'two'] },
    { address: '192.0.2.1', at: now - 2 * day + 5, jail: 'nginx' },
    { address: '192.0.2.1', at: now - 10, active: true, country: 'DE' },
    { address: '192.0.2.7', at: now - day, active: true },
    { address: '192.0.2.8', at: now - day },
    { address: '192.0.2.8', at: now - day + 1 },
    { address: '198.51.100.1', at: now - day },
    { address: 'example.org', at: now - day },
  ])
  const insert = archive.reading.sqlite.prepare(
    `insert into events (host_id, at, type, jail, address, data) values (1, ?, ?, 'sshd', ?, '')`,
  )
  for (const [at, type] of [
    [now - 2 * day, 'failure.found'],
    [now - 50, 'failure.found'],
    [now - 40, 'failure.found'],
    [now - 30, 'ban.added'],
  ] as const)
    insert.run(at, type, addressKey('192.0.2.1'))
  return archive.reading
}

it('tells everything about an address', async () => {
  const found = describeAddress(await createExample(), '192.0.2.1', now)
  expect(found.active.map(({ since, country }) => [since, country])).toEqual([[now - 10, 'DE']])
  expect(found.bans.map(({ at }) => now - at)).toEqual([10, 2 * day - 5, 2 * day, 500 * day])
  expect(found.totals).toEqual({ bans: 4, jails: 2, firstAt: now - 500 * day, lastAt: now - 10 })
  expect(found.failures.map(({ at }) => now - at)).toEqual([40, 50])
  expect(found.failures[0]).toMatchObject({ jail: 'sshd', address: '192.0.2.1' })
  expect(found.lines).toEqual(['one', 'two'])
  const today = Math.floor(now / day) * day
  expect(found.timeline).toEqual([
    { day: today - 2 * day, jail: 'nginx', bans: 1 },
    { day: today - 2 * day, jail: 'sshd', bans: 1 },
    { day: today, jail: 'sshd', bans: 1 },
  ])
  expect(found.neighbours).toEqual([
    { address: '192.0.2.8', bans: 2, lastAt: now - day + 1, active: false },
    { address: '192.0.2.7', bans: 1, lastAt: now - day, active: true },
  ])
})

it('takes the network of an address for no neighbour of it', async () => {
  const at = now - day
  const { reading } = await createTestArchive([
    { address: '198.51.100.0/24', at },
    { address: '198.51.100.9', at },
  ])
  const found = describeAddress(reading, '198.51.100.7', now)
  expect(found.neighbours.map(({ address }) => address)).toEqual(['198.51.100.9'])
})

it('tells of a network what it holds', async () => {
  const found = describeAddress(await createExample(), '192.0.0.0/16', now)
  expect(found.active).toHaveLength(2)
  expect(found.totals).toMatchObject({ bans: 7, jails: 2 })
  expect(found.neighbours.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.8', '192.0.2.7'])
})

it('tells what was banned though it is no address, and nothing of a stranger', async () => {
  const reading = await createExample()
  expect(describeAddress(reading, 'example.org', now)).toMatchObject({ totals: { bans: 1 }, neighbours: [] })
  expect(describeAddress(reading, '2001:db8::5', now)).toEqual({
    active: [],
    bans: [],
    totals: { bans: 0, jails: 0, firstAt: null, lastAt: null },
    failures: [],
    timeline: [],
    lines: [],
    neighbours: [],
  })
})

it.each([
  ['10.0.0.0/8', true],
  ['10.0.0.0/16', false],
  ['2001::/16', true],
  ['192.0.2.1', false],
  ['example.org', false],
])('knows whether %s is wide', (text, expected) => {
  expect(isWide(text)).toBe(expected)
})

it('shows the ban of jail bangui that makes another last longer as its extension', async () => {
  const { reading } = await createTestArchive([
    { address: '192.0.2.1', at: now - 9, active: true, until: now + day },
    { address: '192.0.2.1', at: now - 8, jail: 'web', active: true, until: now + day },
    { address: '192.0.2.1', at: now - 7, jail: 'bangui', active: true, until: null, reason: 'again' },
    { address: '192.0.2.2', at: now - 6, jail: 'bangui', active: true, until: now + 2 * day },
  ])
  const rowsOf = (text: string) =>
    describeAddress(reading, text, now).active.map(({ address, jail, extension }) => [
      address,
      jail,
      extension,
    ])
  const extension = { jail: 'bangui', until: null, reason: 'again' }
  expect(rowsOf('192.0.2.1')).toEqual([
    ['192.0.2.1', 'web', extension],
    ['192.0.2.1', 'sshd', extension],
  ])
  expect(rowsOf('192.0.2.0/24')).toContainEqual(['192.0.2.2', 'bangui', undefined])
})
