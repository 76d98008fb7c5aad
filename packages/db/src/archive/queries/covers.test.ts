import { parseSearch } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { listActive } from './active.ts'
import { findCovers } from './covers.ts'
import { describeAddress } from './describe-address.ts'
import { listHistory } from './history.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const now = Date.UTC(2026, 5, 1, 12)
const bans: readonly TestBan[] = [
  { address: '203.0.113.0/24', at: now - 9, active: true },
  { address: '203.0.113.0/24', at: now - 8, jail: 'nginx', active: true },
  { address: '203.0.0.0/16', at: now - 7, jail: 'nginx' },
  { address: '203.0.113.77', at: now - 6, jail: 'nginx', active: true },
  { address: '203.0.113.78', at: now - 5 },
  { address: '203.0.113.64/27', at: now - 4 },
  { address: '2001:db8::/32', at: now - 3, active: true },
  { address: 'example.org', at: now - 2, active: true },
]

const namesOf = (rows: readonly { address: string; jail: string }[]) =>
  rows.map(({ address, jail }) => `${address} ${jail}`)

const many = Array.from({ length: 300 }, (_, index) => `198.51.100.${index % 200}`)

describe('findCovers', () => {
  it.each([
    ['203.0.113.77', ['203.0.113.0/24 nginx', '203.0.113.0/24 sshd', '203.0.113.77 nginx']],
    ['203.0.113.78', ['203.0.113.0/24 nginx', '203.0.113.0/24 sshd']],
    ['203.0.113.0/24', ['203.0.113.0/24 nginx', '203.0.113.0/24 sshd']],
    ['203.0.113.64/26', ['203.0.113.0/24 nginx', '203.0.113.0/24 sshd']],
    ['203.0.112.0/23', []],
    ['203.0.114.1', []],
    ['2001:db8:1::5', ['2001:db8::/32 sshd']],
    ['example.org', ['example.org sshd']],
    ['example.com', []],
  ])('tells what covers %s, whether it is looked for alone or among many', async (text, expected) => {
    const { reading } = await createTestArchive(bans)
    for (const texts of [[text], [text, ...many]]) {
      const found = findCovers(reading, texts)
      expect(found.every(({ address }) => address === text)).toBe(true)
      expect(namesOf(found.map(({ by }) => by))).toEqual(expected)
    }
  })
})

describe('a search for an address', () => {
  const searched = async (search: string, jail?: string) => {
    const { reading } = await createTestArchive(bans)
    const filter = { addresses: parseSearch(search).addresses, jail }
    return {
      active: namesOf(listActive(reading, { filter, sort: 'since', cursor: null, offset: 0, limit: 9 }).rows),
      history: namesOf(listHistory(reading, { filter, cursor: null, limit: 9 }).rows),
    }
  }

  it('finds the bans of networks that hold it', async () => {
    expect(await searched('203.0.113.78')).toEqual({
      active: ['203.0.113.0/24 sshd', '203.0.113.0/24 nginx'],
      history: [
        '203.0.113.64/27 sshd',
        '203.0.113.78 sshd',
        '203.0.0.0/16 nginx',
        '203.0.113.0/24 nginx',
        '203.0.113.0/24 sshd',
      ],
    })
  })

  it('finds them for a network, too, but not for the beginning of an address', async () => {
    expect((await searched('203.0.113.80/28')).active).toEqual([
      '203.0.113.0/24 sshd',
      '203.0.113.0/24 nginx',
    ])
    expect((await searched('203.0.113.')).history).toHaveLength(5)
    expect((await searched('2001:db8:77:')).active).toEqual([])
  })

  it('keeps to the jail that was chosen, and to pages', async () => {
    expect((await searched('203.0.113.78', 'sshd')).active).toEqual(['203.0.113.0/24 sshd'])
    const { reading } = await createTestArchive(bans)
    const filter = { addresses: parseSearch('203.0.113.78').addresses }
    const found: string[] = []
    let cursor: string | null = null
    do {
      const page = listHistory(reading, { filter, cursor, limit: 1 })
      found.push(...namesOf(page.rows))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(found).toEqual((await searched('203.0.113.78')).history)
  })
})

describe('the page of an address', () => {
  it('has the bans of networks that hold it, in force and over', async () => {
    const { reading } = await createTestArchive(bans)
    const found = describeAddress(reading, '203.0.113.78', now)
    expect(namesOf(found.active)).toEqual(['203.0.113.0/24 nginx', '203.0.113.0/24 sshd'])
    expect(namesOf(found.bans)).toHaveLength(5)
    expect(found.totals).toMatchObject({ bans: 5, jails: 2, firstAt: now - 9, lastAt: now - 4 })
    expect(found.timeline.reduce((sum, { bans: count }) => sum + count, 0)).toBe(5)
  })

  it('says of neighbours whether anything bans them', async () => {
    const { reading } = await createTestArchive(bans)
    const { neighbours } = describeAddress(reading, '203.0.113.77', now)
    expect(neighbours.find(({ address }) => address === '203.0.113.78')).toMatchObject({ active: true })
  })

  it('of a network that nothing holds, has what is inside it alone', async () => {
    const { reading } = await createTestArchive(bans)
    expect(namesOf(describeAddress(reading, '203.0.112.0/23', now).active)).toEqual([
      '203.0.113.77 nginx',
      '203.0.113.0/24 nginx',
      '203.0.113.0/24 sshd',
    ])
  })
})
