import { parseSearch } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import type { BanFilter } from '../reader-port.ts'
import { listHistory, listHistoryQuickly } from './history.ts'
import { recordPlans } from './query-plans.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const parts: Readonly<Record<string, readonly BanFilter[]>> = {
  jail: [{}, { jail: 'sshd' }, { jail: 'rare' }, { text: 's' }],
  country: [{}, { country: 'DE' }, { country: 'AQ' }],
  range: ['', '10.1.2.3', '10.1.', '10.0.0.0/9', '0.0.0.0/0'].map((text) =>
    text === '' ? {} : { addresses: parseSearch(text).addresses },
  ),
  time: [{}, { from: 300, to: 900 }],
}

const filters: readonly BanFilter[] = Object.values(parts).reduce<readonly BanFilter[]>(
  (all, some) => all.flatMap((one) => some.map((other) => ({ ...one, ...other }))),
  [{}],
)

/** Many of the same moment; one jail, one country and one address are rare, and rare only long ago. */
const bans: readonly TestBan[] = Array.from({ length: 1200 }, (_, n) => ({
  address: n % 100 === 3 ? '10.1.2.3' : `10.${n % 7 === 0 ? 200 : 1}.${n % 11}.${n % 250}`,
  at: n - (n % 3),
  jail: n === 4 || n === 400 ? 'rare' : n % 5 === 0 ? 'nginx' : 'sshd',
  country: n === 4 || n === 5 ? 'AQ' : n % 2 === 0 ? 'DE' : 'FR',
}))

const isWanted = (filter: BanFilter) => {
  const range = filter.addresses
  return ({ address, at, jail = '', country }: TestBan) =>
    (filter.jail === undefined || jail === filter.jail) &&
    jail.includes(filter.text ?? '') &&
    (filter.country ?? country) === country &&
    (!range || isWithin(address, range)) &&
    at >= (filter.from ?? 0) &&
    at < (filter.to ?? Infinity)
}

const isWithin = (address: string, range: NonNullable<BanFilter['addresses']>) => {
  const key = Buffer.from([4, ...address.split('.').map(Number), 32])
  return Buffer.compare(key, range.from) >= 0 && Buffer.compare(key, range.to) <= 0
}

const idsOf = ({ rows }: { rows: readonly { id: number | null }[] }) => rows.map(({ id }) => id)

describe('the history, narrowed in every way', () => {
  it('is the newest of those wanted, however few bans may be looked at', async () => {
    const { reading } = await createTestArchive(bans)
    let soon = 0
    for (const filter of filters) {
      const wanted = bans.flatMap((ban, index) => (isWanted(filter)(ban) ? [{ ...ban, id: index + 1 }] : []))
      const expected = wanted.sort((one, other) => other.at - one.at || other.id - one.id).map(({ id }) => id)
      const query = { filter, cursor: null, limit: 7 }
      const first = listHistory(reading, query)
      expect(idsOf(first), JSON.stringify(filter)).toEqual(expected.slice(0, 7))
      const second = first.nextCursor && listHistory(reading, { ...query, cursor: first.nextCursor })
      expect(second ? idsOf(second) : []).toEqual(expected.slice(7, 14))
      for (const most of [1, 10, 50, 300]) {
        const found = listHistoryQuickly(reading, query, most)
        if (found) soon++
        expect(found ?? first).toEqual(first)
      }
    }
    // some are found, and some are left to whoever has the time
    expect(soon).toBeGreaterThan(filters.length)
    expect(soon).toBeLessThan(filters.length * 4)
  })

  it('goes through no more than an index has of it, and sorts only a range of addresses', async () => {
    const { reading } = await createTestArchive(bans)
    for (const filter of filters) {
      const { plans, observed } = recordPlans(reading)
      listHistoryQuickly(observed, { filter, cursor: null, limit: 7 })
      const isRange = filter.addresses && Buffer.compare(filter.addresses.from, filter.addresses.to) !== 0
      for (const plan of plans) {
        expect(plan).not.toMatch(/SCAN b(?! USING (COVERING )?INDEX bans_at)/)
        if (!isRange) expect(plan).not.toContain('TEMP B-TREE')
      }
    }
  })
})
