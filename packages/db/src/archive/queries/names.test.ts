import { describe, expect, it } from 'vitest'
import { listActive } from './active.ts'
import { listHistory } from './history.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const bans: readonly TestBan[] = [
  { address: 'example.com', at: 1, active: true },
  { address: 'example.com.evil', at: 2, jail: 'nginx', active: true },
  { address: 'exam', at: 3, active: true },
  { address: '203.0.113.7', at: 4, active: true },
  { address: 'nginx', at: 5, active: true },
]

describe('a word that is neither an address nor a part of the name of a jail', () => {
  it.each([
    ['example.com', ['example.com', 'example.com.evil']],
    ['exam', ['exam', 'example.com', 'example.com.evil']],
    ['example.org', []],
    // the jail of that name, not the ban
    ['ngin', ['example.com.evil']],
  ])('finds the bans whose names begin with it: %s', async (text, expected) => {
    const { reading } = await createTestArchive(bans)
    const page = { filter: { text }, cursor: null, limit: 50 }
    const active = listActive(reading, { ...page, sort: 'address', offset: 0 })
    expect(active.rows.map(({ address }) => address)).toEqual(expected)
    expect(active.total).toBe(expected.length)
    const history = listHistory(reading, page).rows.map(({ address }) => address)
    expect(history.toSorted()).toEqual(expected)
  })
})
