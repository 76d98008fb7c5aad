import { activityTypesOf, activityKinds, addressKey, parseSearch, type Event } from '@bangui/shared'
import { expect, it } from 'vitest'
import type { ActivityQuery, BanFilter } from '../reader-port.ts'
import { countActivity, listActivity, listActivityQuickly } from './activity.ts'
import { recordPlans } from './query-plans.ts'
import { createTestArchive } from './test-archive.ts'

const events: Event[] = [
  { type: 'failure.found', at: 10, jail: 'sshd', address: '192.0.2.1', country: 'DE' },
  { type: 'failure.found', at: 20, jail: 'recidive', address: '192.0.2.1', country: 'DE', echo: true },
  { type: 'ban.added', at: 30, jail: 'sshd', address: '192.0.2.1', country: 'DE' },
  { type: 'failure.ignored', at: 40, jail: 'nginx', address: '198.51.100.7', country: null, by: 'ip' },
  { type: 'ban.removed', at: 50, jail: 'sshd', address: '192.0.2.1', country: 'DE', by: 'ada' },
  { type: 'jail.changed', at: 60, jail: 'nginx', change: 'stopped' },
  { type: 'blocklist.held', at: 70, list: 3, name: 'worms', jail: 'nginx', entries: 1, formerEntries: 9 },
  { type: 'daemon.changed', at: 80, online: true },
]
const line = (name: string) => `Failed password for ${name} from 192.0.2.1 port 5 ssh2`

async function create() {
  const archive = await createTestArchive([
    { address: '192.0.2.1', at: 30, country: 'DE', lines: [line('root'), line('admin'), line('admin')] },
    { address: '192.0.2.0/24', at: 75, jail: 'nginx' },
    { address: '192.0.2.1', at: 85, country: 'DE', jail: 'nginx' },
  ])
  const insert = archive.reading.sqlite.prepare(
    'insert into events (host_id, at, type, jail, address, data) values (1, ?, ?, ?, ?, ?)',
  )
  for (const event of events) {
    const key = 'address' in event && event.address ? addressKey(event.address) : null
    insert.run(event.at, event.type, 'jail' in event ? event.jail : null, key, JSON.stringify(event))
  }
  return archive
}

const query = (filter: BanFilter = {}, over: Partial<ActivityQuery> = {}): ActivityQuery => ({
  filter,
  types: activityTypesOf(activityKinds),
  bans: true,
  after: null,
  limit: 50,
  ...over,
})

it('the activity has bans and events in one list, each once, without failures that repeat a ban', async () => {
  const { reading } = await create()
  const entries = listActivity(reading, query())
  expect(entries.map(({ at }) => at)).toEqual([85, 80, 75, 70, 60, 50, 40, 30, 10])
  expect(entries[7]).toMatchObject({
    ban: { address: '192.0.2.1', jail: 'sshd' },
    tried: [
      { name: 'admin', lines: 2 },
      { name: 'root', lines: 1 },
    ],
  })
  expect(listActivityQuickly(reading, query())).toEqual(entries)
})

it('the activity goes on after any of its entries', async () => {
  const { reading } = await create()
  const all = listActivity(reading, query()).map(({ at }) => at)
  const read: number[] = []
  for (let after: string | null = null, left = 20; left > 0; left--) {
    const page = listActivity(reading, query({}, { after, limit: 2 }))
    if (page.length === 0) break
    read.push(...page.map(({ at }) => at))
    after = page.at(-1)?.after ?? null
  }
  expect(read).toEqual(all)
  expect(listActivity(reading, query({}, { after: 'nothing of ours' }))).toHaveLength(9)
})

const found: readonly (readonly [string, BanFilter, readonly number[]])[] = [
  ['of a jail', { jail: 'nginx' }, [85, 75, 70, 60, 40]],
  ['of a part of its name', { text: 'GIN' }, [85, 75, 70, 60, 40]],
  ['of a country', { country: 'DE' }, [85, 50, 30, 10]],
  ['of no known country', { country: '??' }, [75, 40]],
  [
    'of an address, and of networks that hold it',
    { addresses: parseSearch('192.0.2.1').addresses },
    [85, 75, 50, 30, 10],
  ],
  ['of a network', { addresses: parseSearch('198.51.').addresses }, [40]],
  ['of a time', { from: 40, to: 75 }, [70, 60, 50, 40]],
  ['of a user', { origin: 'user' }, [50]],
  ['of fail2ban', { origin: 'fail2ban' }, [85, 80, 75, 60, 40, 30, 10]],
  ['of a blocklist', { origin: 'blocklist:3' }, [70]],
  ['of first bans alone', { first: true }, [75, 30]],
]
it.each(found)('the activity is narrowed to what is %s', async (_title, filter, times) => {
  const { reading } = await create()
  const asked = query(filter, filter.first ? { types: [] } : {})
  expect(listActivity(reading, asked).map(({ at }) => at)).toEqual(times)
  const { bans, events: counts } = countActivity(reading, asked)
  expect((bans ?? 0) + Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(times.length)
})

it('counts of the activity are by type, and name the oldest event', async () => {
  const { reading } = await create()
  expect(countActivity(reading, query())).toEqual({
    bans: 3,
    events: {
      'failure.found': 1,
      'failure.ignored': 1,
      'ban.removed': 1,
      'jail.changed': 1,
      'blocklist.held': 1,
      'daemon.changed': 1,
    },
    eventsSince: 10,
  })
})

it('the activity of some types, of a jail or of an address reads no other events', async () => {
  const { reading } = await create()
  const cases: readonly (readonly [BanFilter, string])[] = [
    [{}, 'events_type (type=?'],
    [{ jail: 'sshd' }, 'events_jail (jail=? AND type=?'],
    [{ addresses: parseSearch('192.0.2.1').addresses }, 'events_address (address=?'],
  ]
  for (const [filter, index] of cases) {
    const { plans, observed } = recordPlans(reading)
    listActivityQuickly(observed, query(filter, { types: ['ban.removed'], bans: false }))
    expect(plans.filter((plan) => plan.includes('events_')).join()).toContain(index)
  }
})
