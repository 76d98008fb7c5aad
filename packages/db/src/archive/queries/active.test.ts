import { BanSortKey, parseSearch } from '@bangui/shared'
import { expect, it } from 'vitest'
import type { BanFilter } from '../reader-port.ts'
import { countActive, findActive, listActive } from './active.ts'
import { recordPlans } from './query-plans.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const bans: readonly TestBan[] = [
  { address: '10.0.0.9', at: 4, jail: 'sshd', country: 'DE', active: true },
  { address: '2001:db8::1', at: 1, jail: 'nginx', country: 'FR', active: true, duration: -1, until: null },
  { address: '10.0.0.0/24', at: 3, jail: 'nginx', country: 'DE', active: true, duration: 60 },
  { address: '9.0.0.1', at: 2, jail: 'sshd', active: true, duration: 3600 },
  { address: '9.0.0.1', at: 0, jail: 'sshd' },
]

const page = { filter: {}, cursor: null, offset: 0, limit: 50 }

it.each([
  ['-since', [4, 3, 2, 1]],
  ['since', [1, 2, 3, 4]],
  ['address', [2, 3, 4, 1]],
  ['jail', [3, 1, 4, 2]],
  ['country', [2, 4, 3, 1]],
  ['until', [3, 4, 2, 1]],
  ['-duration', [1, 2, 4, 3]],
])('sorts by %s', async (sort, expected) => {
  const { reading } = await createTestArchive(bans)
  const { rows, total, nextCursor } = listActive(reading, { ...page, sort })
  const since = rows.map((row) => row.since)
  // of equals the order is that of the ids
  if (sort === 'jail') expect(rows.map(({ jail }) => jail)).toEqual(['nginx', 'nginx', 'sshd', 'sshd'])
  else expect(since).toEqual(expected)
  expect([total, nextCursor]).toEqual([4, null])
})

it('shows the same pages by cursor and by offset, for each column', async () => {
  const { reading } = await createTestArchive(bans)
  for (const key of BanSortKey.options)
    for (const sort of [key, `-${key}`]) {
      const all = listActive(reading, { ...page, sort }).rows
      let cursor: string | null = null
      for (let offset = 0; offset < 4; offset++) {
        const next = listActive(reading, { ...page, sort, cursor, limit: 1 })
        expect(next.rows).toEqual([all[offset]])
        expect(listActive(reading, { ...page, sort, offset, limit: 1 }).rows).toEqual([all[offset]])
        expect(next.total).toBe(4)
        cursor = next.nextCursor
      }
      expect(cursor).toBeNull()
    }
})

it('narrows the list and its total', async () => {
  const { reading } = await createTestArchive(bans)
  const read = (filter: object) => listActive(reading, { ...page, filter, sort: 'since', limit: 1 }).total
  expect(read({ jail: 'sshd' })).toBe(2)
  expect(read({ text: 'ngi' })).toBe(2)
  expect(read({ country: 'DE', jail: 'sshd' })).toBe(1)
  expect(read({ country: '??' })).toBe(1)
  expect(read({ addresses: parseSearch('10.0.').addresses })).toBe(2)
})

it('gives permanent bans without an end', async () => {
  const { reading } = await createTestArchive(bans)
  expect(listActive(reading, { ...page, sort: '-until' }).rows[0]).toMatchObject({
    address: '2001:db8::1',
    until: null,
    duration: -1,
    country: 'FR',
  })
})

it('counts by jail and finds what addresses and networks have in force', async () => {
  const { reading } = await createTestArchive(bans)
  expect(countActive(reading)).toEqual(new Map([['nginx', 2], ['sshd', 2]])) // prettier-ignore
  const find = (...addresses: string[]) => findActive(reading, addresses).map(({ address }) => address)
  expect(find('9.0.0.1')).toEqual(['9.0.0.1'])
  expect(find('10.0.0.0/8', '192.0.2.1')).toEqual(['10.0.0.9', '10.0.0.0/24'])
})

it('shows the ban of jail bangui that makes another last longer with that one, but in a list of that jail', async () => {
  const end = 9_000_000
  const user = { kind: 'user', name: 'ada' } as const
  const { reading } = await createTestArchive([
    { address: '192.0.2.1', at: 1, jail: 'sshd', active: true, until: 5_000 },
    { address: '192.0.2.1', at: 2, jail: 'bangui', active: true, until: end, by: user },
    { address: '192.0.2.2', at: 3, jail: 'bangui', active: true, until: null, by: user },
    { address: '192.0.2.3', at: 4, jail: 'bangui', active: true, until: null, by: user },
    { address: '192.0.2.3', at: 1, jail: 'sshd', active: false },
    { address: '192.0.2.4', at: 5, jail: 'sshd', active: true, until: 5_000, by: user },
    { address: '192.0.2.4', at: 5, jail: 'bangui', active: true, until: end, by: user },
  ])
  const list = (filter: BanFilter) =>
    listActive(reading, { filter, sort: 'address', cursor: null, offset: 0, limit: 10 })
  const all = list({})
  expect(all.total).toBe(4)
  expect(all.rows.map(({ address, jail, extension }) => [address, jail, extension])).toEqual([
    ['192.0.2.1', 'sshd', { jail: 'bangui', until: end, reason: null }],
    ['192.0.2.2', 'bangui', undefined],
    ['192.0.2.3', 'bangui', undefined],
    ['192.0.2.4', 'sshd', { jail: 'bangui', until: end, reason: null }],
  ])
  expect(list({ jail: 'bangui' }).total).toBe(4)
  expect(list({ origin: 'user' }).total).toBe(4)
  expect(list({ origin: 'fail2ban' }).rows).toMatchObject([{ jail: 'sshd', extension: { until: end } }])
  expect(list({ jail: 'sshd' }).rows).toMatchObject([
    { extension: { until: end } },
    { extension: { until: end } },
  ])
})

it('sorts by the end that a row shows, also where the ban of jail bangui is the longer one', async () => {
  const { reading } = await createTestArchive([
    { address: '192.0.2.1', at: 1, jail: 'sshd', active: true, until: 5_000 },
    { address: '192.0.2.1', at: 2, jail: 'bangui', active: true, until: 9_000 },
    { address: '192.0.2.2', at: 3, jail: 'sshd', active: true, until: 7_000 },
    { address: '192.0.2.3', at: 4, jail: 'sshd', active: true, until: 6_000 },
    { address: '192.0.2.3', at: 4, jail: 'bangui', active: true, until: 4_000 },
    { address: '192.0.2.4', at: 5, jail: 'sshd', active: true, until: 3_000 },
    { address: '192.0.2.4', at: 5, jail: 'bangui', active: true, until: null },
    { address: '192.0.2.5', at: 5, jail: 'bangui', active: true, until: 8_000 },
    // one that has ended makes no ban last longer
    { address: '192.0.2.2', at: 6, jail: 'bangui', active: false, until: 99_000 },
  ])
  const { plans, observed } = recordPlans(reading)
  const list = (sort: string, filter: BanFilter = {}) =>
    listActive(observed, { ...page, filter, sort })
      .rows.map(({ address }) => address.at(-1))
      .join('')
  expect(list('until')).toBe('32514')
  expect(list('-until')).toBe('41523')
  expect(list('until', { jail: 'sshd' })).toBe('3214')
  expect(list('until', { jail: 'bangui' })).toBe('3514')
  // whatever the number of bans, those of jail bangui are read once
  const sorting = plans.find((plan) => plan.includes('MATERIALIZE'))
  expect(sorting).toMatch(/MATERIALIZE extensions/)
  expect(sorting).toMatch(/SEARCH e USING AUTOMATIC COVERING INDEX \(address=\? AND host_id=\?\)/)
})

it('finds the notes of bans, in whatever case, and shows a ban once whose note is that of the longer one', async () => {
  const user = { kind: 'user', name: 'ada' } as const
  const { reading } = await createTestArchive([
    { address: '192.0.2.1', at: 1, jail: 'sshd', active: true },
    { address: '192.0.2.1', at: 2, jail: 'bangui', active: true, reason: 'Ärger im Büro', by: user },
    { address: '192.0.2.2', at: 3, jail: 'sshd', active: true, reason: 'ärger', by: user },
    { address: '192.0.2.3', at: 4, jail: 'sshd', active: false, reason: 'ärger', by: user },
    { address: '192.0.2.4', at: 5, jail: 'buero', active: true },
    { address: '192.0.2.5', at: 6, jail: 'sshd', active: true, reason: '100%_sure', by: user },
    { address: 'buerostadt', at: 7, jail: 'sshd', active: true },
  ])
  const { plans, observed } = recordPlans(reading)
  const list = (filter: BanFilter) => {
    const { rows, total } = listActive(observed, { ...page, filter, sort: 'since' })
    expect(total).toBe(rows.length)
    return rows.map(({ address, jail }) => `${address.replace('192.0.2.', '')} ${jail}`)
  }
  expect(list({ text: 'ÄRGER' })).toEqual(['1 sshd', '2 sshd'])
  expect(plans.join('\n')).toMatch(/SCAN n USING (COVERING )?INDEX bans_noted/)
  expect(list({ text: 'im büro' })).toEqual(['1 sshd'])
  expect(list({ text: 'im büro', jail: 'bangui' })).toEqual(['1 bangui'])
  expect(list({ text: 'im büro', origin: 'user' })).toEqual(['1 bangui'])
  expect(list({ text: 'ärger', addresses: parseSearch('192.0.2.2').addresses })).toEqual(['2 sshd'])
  expect(list({ text: 'buero' })).toEqual(['4 buero'])
  expect(list({ text: 'bueros' })).toEqual(['buerostadt sshd'])
  expect(list({ text: '%' })).toEqual(['5 sshd'])
  expect(list({ text: 'sure' })).toEqual(['5 sshd'])
  expect(list({ text: 'bang' })).toEqual(['1 bangui'])
  expect(list({ text: 'nothing' })).toEqual([])
})
