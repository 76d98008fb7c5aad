import { defaultsOf } from '@bangui/shared'
import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { deleteOldAlerts, noAlertChanges, saveAlertChanges, type NewIncident } from './alert-changes.ts'
import { insertAlertChannel } from './alert-channels.ts'
import { beginDelivery, endDelivery, listDeliveries, listWaitingDeliveries } from './alert-deliveries.ts'
import { listIncidents, listOpenIncidents } from './alert-incidents.ts'
import { deleteAlertRule, insertAlertRule } from './alert-rules.ts'

async function setUp() {
  const database = await openTestDatabase()
  const { db } = database
  const ruleId = await insertAlertRule(db, defaultsOf('daemon_down'), 1)
  const settings = {
    kind: 'discord' as const,
    name: 'Chat',
    config: {},
    enabled: true,
    maxPerHour: 30,
    sends: 'all' as const,
    quiet: null,
    digest: null,
  }
  const channelId = await insertAlertChannel(db, { settings, sealed: null, secrets: [], now: 1 })
  const incident = (id: string, over: Partial<NewIncident> = {}): NewIncident => ({
    id,
    ruleId,
    rule: 'daemon_down',
    ruleName: 'Down',
    severity: 'critical',
    hostId: null,
    hostName: 'web1',
    subject: id,
    title: id,
    text: '',
    count: 1,
    openedAt: 10,
    ...over,
  })
  const delivery = (id: string, of: string) => ({
    deliveryId: id,
    channelId,
    incident: of,
    kind: 'opened' as const,
    critical: true,
    title: of,
    message: {},
    createdAt: 10,
  })
  const open = { state: null, hosts: [], withoutHost: true, before: null, limit: 50 } as const
  return {
    db,
    ruleId,
    channelId,
    incident,
    delivery,
    list: async () => (await listIncidents(db, open)).map((each) => each.incident.id),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

it('a subject of a rule has one open incident at most, and a look that would open a second one changes nothing', async () => {
  await using test = await setUp()
  await saveAlertChanges(test.db, {
    ...noAlertChanges,
    seq: 5,
    opened: [test.incident('a', { subject: 's' })],
  })
  const second = { ...noAlertChanges, seq: 9, opened: [test.incident('b', { subject: 's' })] }
  await expect(saveAlertChanges(test.db, second)).rejects.toThrow('UNIQUE')
  expect(await test.list()).toEqual(['a'])
  expect(await test.db.selectFrom('alert_progress').select('value').execute()).toEqual([{ value: 5 }])
  await saveAlertChanges(test.db, { ...noAlertChanges, changed: [{ id: 'a', resolvedAt: 20 }] })
  await saveAlertChanges(test.db, second)
  expect(await test.list()).toEqual(['b', 'a'])
})

it('incidents outlive their rule, and what the rule has seen does not', async () => {
  await using test = await setUp()
  const subjects = [{ ruleId: test.ruleId, subject: 's', state: { firingSince: 1 } }]
  await saveAlertChanges(test.db, { ...noAlertChanges, subjects, opened: [test.incident('a')] })
  await deleteAlertRule(test.db, test.ruleId)
  expect(await listOpenIncidents(test.db)).toMatchObject([{ ruleId: null, incident: { id: 'a' } }])
  expect(await test.db.selectFrom('alert_subjects').selectAll().execute()).toEqual([])
})

it('messages that go out in another one end with it', async () => {
  await using test = await setUp()
  const ids = ['a', 'b', 'c']
  await saveAlertChanges(test.db, {
    ...noAlertChanges,
    opened: ids.map((id) => test.incident(id)),
    deliveries: ids.map((id) => test.delivery(`d-${id}`, id)),
  })
  const [first, ...others] = await listWaitingDeliveries(test.db, test.channelId)
  const id = first?.id ?? 0
  await beginDelivery(test.db, { id, merged: others.map((each) => each.id), outgoing: { all: true } })
  expect(await listWaitingDeliveries(test.db, test.channelId)).toEqual([])
  const outcome = { id, channelName: 'Chat', answer: '500', now: 20 }
  await endDelivery(test.db, { ...outcome, ok: false, nextAt: 30 })
  const waiting = await listWaitingDeliveries(test.db, test.channelId)
  expect(waiting).toMatchObject([{ id, nextAt: 30, attempts: 1, outgoing: { all: true } }])
  await endDelivery(test.db, { ...outcome, ok: true, answer: 'ok', now: 40, nextAt: null })
  const query = { channel: null, incident: null, before: null, limit: 10 }
  expect(await listDeliveries(test.db, query)).toMatchObject([{ id, merged: 2, state: 'sent', sentAt: 40 }])
  expect(await listDeliveries(test.db, { ...query, incident: 'c' })).toMatchObject([
    { state: 'sent', answer: 'ok' },
  ])
  const opened = await listOpenIncidents(test.db)
  expect(opened.map((each) => [each.incident.state, each.incident.notifiedAt])).toEqual(
    ids.map(() => ['notified', 40]),
  )
})

it('what is old or too much is deleted, but nothing that is open or waits', async () => {
  await using test = await setUp()
  const ids = ['a', 'b', 'c', 'd']
  await saveAlertChanges(test.db, {
    ...noAlertChanges,
    opened: ids.map((id) => test.incident(id)),
    changed: [
      { id: 'b', resolvedAt: 50 },
      { id: 'c', resolvedAt: 150 },
      { id: 'd', resolvedAt: 150 },
    ],
    deliveries: [test.delivery('waits', 'a')],
  })
  await deleteOldAlerts(test.db, { before: 100, most: 10 })
  expect(await test.list()).toEqual(['d', 'c', 'a'])
  await deleteOldAlerts(test.db, { before: 0, most: 1 })
  expect(await test.list()).toEqual(['d', 'a'])
  await deleteOldAlerts(test.db, { before: 1e12, most: 0 })
  expect(await test.list()).toEqual(['a'])
  expect(await listWaitingDeliveries(test.db, test.channelId)).toHaveLength(1)
})
