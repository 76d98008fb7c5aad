import { parseSearch } from '@bangui/shared'
import { expect, it } from 'vitest'
import type { BanFilter } from '../reader-port.ts'
import { getBan, listHistory, listLines } from './history.ts'
import type { Reading } from './reading.ts'
import { createTestArchive } from './test-archive.ts'

function readAll(reading: Reading, filter: BanFilter, limit: number): string[] {
  const rows: string[] = []
  let cursor: string | null = null
  do {
    const page = listHistory(reading, { filter, cursor, limit })
    rows.push(...page.rows.map(({ address, at }) => `${address}@${at}`))
    cursor = page.nextCursor
  } while (cursor !== null)
  return rows
}

const search = (text: string): BanFilter => ({ addresses: parseSearch(text).addresses })

it('lists each ban once, newest first, also many of the same millisecond', async () => {
  const bans = Array.from({ length: 25 }, (_, index) => ({
    address: `192.0.2.${index}`,
    at: 1000 + (index >> 3),
  }))
  const { reading } = await createTestArchive(bans)
  const expected = bans.map(({ address, at }) => `${address}@${at}`).reverse()
  for (const limit of [1, 4, 24, 25, 26]) expect(readAll(reading, {}, limit)).toEqual(expected)
})

it('narrows by jail, a part of its name, country and time, and by all of them', async () => {
  const { reading } = await createTestArchive([
    { address: '192.0.2.1', at: 1, jail: 'sshd', country: 'DE' },
    { address: '192.0.2.2', at: 2, jail: 'sshd-ddos', country: 'DE' },
    { address: '192.0.2.3', at: 3, jail: 'nginx', country: 'DE' },
    { address: '192.0.2.4', at: 4, jail: 'sshd', country: 'FR' },
  ])
  const read = (filter: BanFilter) => readAll(reading, filter, 1).map((row) => Number(row.split('@')[1]))
  expect(read({ jail: 'sshd' })).toEqual([4, 1])
  expect(read({ text: 'SSH' })).toEqual([4, 2, 1])
  expect(read({ text: '%' })).toEqual([])
  expect(read({ jail: 'none' })).toEqual([])
  expect(read({ country: 'DE' })).toEqual([3, 2, 1])
  expect(read({ from: 2, to: 4 })).toEqual([3, 2])
  expect(read({ country: 'DE', text: 'ssh', from: 2, ...search('192.0.2.0/30') })).toEqual([2])
})

it('finds networks, prefixes and single addresses of both families', async () => {
  const addresses = ['10.0.0.0/8', '10.1.2.3', '11.0.0.1', '2001:db8::1', '2001:db8:0:1::/64', 'example.org']
  const { reading } = await createTestArchive(addresses.map((address, at) => ({ address, at })))
  const read = (text: string) => readAll(reading, search(text), 10).map((row) => row.split('@')[0])
  expect(read('10.0.0.0/8')).toEqual(['10.1.2.3', '10.0.0.0/8'])
  expect(read('10.1.')).toEqual(['10.1.2.3'])
  expect(read('11.0.0.1')).toEqual(['11.0.0.1'])
  expect(read('2001:db8::/32')).toEqual(['2001:db8:0:1::/64', '2001:db8::1'])
  expect(read('0.0.0.0/0')).toEqual(['11.0.0.1', '10.1.2.3', '10.0.0.0/8'])
})

it('finds the same in a range of many bans, of late or of long ago', async () => {
  const many = Array.from({ length: 110_000 }, (_, index) => ({
    address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
    at: index,
    country: index % 1000 === 7 ? 'DE' : 'FR',
  }))
  const { reading } = await createTestArchive([
    ...many,
    ...Array.from({ length: 60_000 }, (_, index) => ({ address: '192.0.2.1', at: 200_000 + index })),
  ])
  const first = listHistory(reading, { filter: search('10.0.0.0/8'), cursor: null, limit: 2 })
  expect(first.rows.map(({ at }) => at)).toEqual([109_999, 109_998])
  const second = listHistory(reading, { filter: search('10.0.0.0/8'), cursor: first.nextCursor, limit: 2 })
  expect(second.rows.map(({ at }) => at)).toEqual([109_997, 109_996])
  const read = (filter: BanFilter) => readAll(reading, { ...search('10.0.0.0/8'), ...filter }, 5)
  expect(read({ country: 'DE', to: 9 })).toEqual(['10.0.0.7@7'])
  expect(read({ from: 1, to: 3 })).toEqual(['10.0.0.2@2', '10.0.0.1@1'])
})

it.each(['', 'x', '[', 'bnVsbA', Buffer.from('[{"key":5},1]').toString('base64url'), 'W10'])(
  'begins anew with a cursor that is none: %j',
  async (cursor) => {
    const { reading } = await createTestArchive([{ address: '192.0.2.1', at: 1 }])
    expect(listHistory(reading, { filter: {}, cursor, limit: 5 }).rows).toHaveLength(1)
  },
)

it('gives one ban with its lines in order', async () => {
  const { reading } = await createTestArchive([{ address: '192.0.2.1', at: 5, lines: ['a', 'b'] }])
  expect(getBan(reading, 1)).toMatchObject({ address: '192.0.2.1', jail: 'sshd', country: null, at: 5 })
  expect(listLines(reading, 1)).toEqual(['a', 'b'])
  expect(getBan(reading, 2)).toBeUndefined()
})
