import type { Event } from '@bangui/shared'
import { expect, it } from 'vitest'
import { addTestHosts } from '../../testing/test-hosts.ts'
import { listEvents, listEventsAfter } from './events.ts'
import { recordPlans } from './query-plans.ts'
import { lastSeq } from './sequences.ts'
import { withScope } from './reading.ts'
import { createTestArchive } from './test-archive.ts'

async function createWithEvents(count: number) {
  const archive = await createTestArchive()
  const insert = archive.reading.sqlite.prepare(
    'insert into events (host_id, at, type, jail, data) values (1, ?, ?, ?, ?)',
  )
  for (let at = 1; at <= count; at++) {
    const jail = at % 2 === 0 ? 'sshd' : 'nginx'
    const event: Event = { type: 'jail.changed', at, jail }
    insert.run(at, event.type, jail, JSON.stringify(event))
  }
  return { ...archive, insert }
}

it('gives what came after a place in the sequence, in order', async () => {
  const { reading } = await createWithEvents(5)
  expect(lastSeq(reading)).toBe(5)
  expect(listEventsAfter(reading, 3, 10)?.map(({ seq }) => seq)).toEqual([4, 5])
  expect(listEventsAfter(reading, 5, 10)).toEqual([])
  expect(listEventsAfter(reading, 0, 5)).toHaveLength(5)
})

it('says when events were missed that it cannot give', async () => {
  const { reading } = await createWithEvents(5)
  expect(listEventsAfter(reading, 0, 4)).toBeUndefined()
  expect(listEventsAfter(reading, 6, 10)).toBeUndefined()
  reading.sqlite.exec('delete from events where seq <= 2')
  expect(listEventsAfter(reading, 1, 10)).toBeUndefined()
  expect(listEventsAfter(reading, 2, 10)).toHaveLength(3)
  // those of one host, of which there are too many
  reading.sqlite.exec('delete from events where seq = 4')
  expect(listEventsAfter(reading, 2, 10)).toBeUndefined()
  expect(listEventsAfter(reading, 4, 10)).toHaveLength(1)
  reading.sqlite.exec('delete from events')
  expect(listEventsAfter(reading, 4, 10)).toBeUndefined()
  expect(listEventsAfter(reading, 5, 10)).toEqual([])
})

it('begins with nothing', async () => {
  const { reading } = await createTestArchive()
  expect(lastSeq(reading)).toBe(0)
  expect(listEventsAfter(reading, 0, 10)).toEqual([])
  expect(listEvents(reading, { before: null, types: null, jail: null, limit: 5 })).toEqual([])
})

it('pages back through events of some types and of a jail', async () => {
  const { reading, insert } = await createWithEvents(6)
  insert.run(7, 'daemon.changed', null, JSON.stringify({ type: 'daemon.changed', at: 7, online: true }))
  const read = (query: object) =>
    listEvents(reading, { before: null, types: null, jail: null, limit: 2, ...query }).map(({ seq }) => seq)
  expect(read({})).toEqual([7, 6])
  expect(read({ before: 6 })).toEqual([5, 4])
  expect(read({ types: ['daemon.changed'] })).toEqual([7])
  expect(read({ jail: 'nginx', before: 5 })).toEqual([3, 1])
  expect(read({ jail: 'nginx', types: ['jail.changed', 'ban.added'] })).toEqual([5, 3])
  expect(read({ types: [] })).toEqual([])
})

it('leaves out what it cannot read', async () => {
  const { reading, insert } = await createWithEvents(1)
  insert.run(2, 'x', null, '{"type":"x"}')
  insert.run(3, 'x', null, 'no json')
  expect(listEventsAfter(reading, 0, 10)).toHaveLength(1)
})

it('goes through no events that are not wanted', async () => {
  const { reading } = await createWithEvents(1)
  for (const [jail, types] of [
    ['sshd', null],
    ['sshd', ['ban.added', 'jail.changed']],
    [null, ['ban.removed']],
  ] as const) {
    const { plans, observed } = recordPlans(reading)
    listEvents(observed, { before: 9, types, jail, limit: 5 })
    expect(plans.length).toBeGreaterThan(0)
    const columns = jail === null ? 'events_type (type=? AND' : 'events_jail (jail=? AND type=? AND'
    for (const plan of plans) expect(plan).toContain(columns)
  }
})

it('sorts no events of one host among several', async () => {
  const { reading } = await createWithEvents(1)
  addTestHosts(reading.sqlite, [1, 2])
  const { plans, observed } = recordPlans(withScope(reading, [1]))
  for (const types of [null, ['ban.removed']])
    listEvents(observed, { before: 9, types, jail: null, limit: 5 })
  for (const plan of plans) expect(plan).toContain('events_host (host_id=? AND type=? AND')
  listEvents(observed, { before: 9, types: null, jail: 'sshd', limit: 5 })
  listEventsAfter(observed, 0, 5)
  expect(plans.join()).not.toContain('TEMP B-TREE')
  expect(plans.at(-1)).toContain('SEARCH events USING INTEGER PRIMARY KEY')
})
