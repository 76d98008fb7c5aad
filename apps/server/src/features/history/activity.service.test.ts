import type { ActivityQuery, OperationSpan } from '@bangui/db'
import { ActivityPage, type Event } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createAdmin, createTestDeps } from '../../../test/create-test-deps.ts'

const event = (at: number): Event => ({ type: 'jail.changed', at, jail: 'sshd' })

async function setUp() {
  const test = await createTestDeps()
  const asked: ActivityQuery[] = []
  const spans: OperationSpan[] = []
  test.archive.listActivity = async (query) => {
    asked.push(query)
    const from = query.after === null ? 0 : Number(query.after.slice(1))
    return [50, 30, 10]
      .slice(from, from + query.limit)
      .map((at, index) => ({ after: `~${from + index + 1}`, at, stored: { seq: at, event: event(at) } }))
  }
  test.archive.countActivity = async () => ({
    bans: null,
    events: { 'failure.found': 7, 'ban.removed': 2, 'ban.extended': 1, 'config.changed': 4 },
    eventsSince: 10,
  })
  const { records } = test.deps.operations
  const { id } = test.deps
  const record = (name: string, startedAt: number) =>
    records.begin({
      id: name,
      hostId: id,
      kind: 'jail.reload',
      actor: { kind: 'user', name: 'ada' },
      title: `Reloading ${name}`,
      params: { name: 'sshd' },
      total: null,
      undoes: null,
      startedAt,
    })
  const listOfSpan = records.listOfSpan.bind(records)
  Object.assign(records, {
    listOfSpan: (span: OperationSpan, page: Parameters<typeof listOfSpan>[1]) => {
      spans.push(span)
      return listOfSpan(span, page)
    },
  })
  const visitor = await createAdmin(test.deps)
  const list = (input: object) => visitor.call((api) => api.history.activity(input))
  const count = (input: object) => visitor.call((api) => api.history.activityCounts(input))
  return { ...test, asked, spans, record, list, count }
}

it('history.activity merges operations with bans and events, page by page', async () => {
  await using test = await setUp()
  await test.record('first', 20)
  await test.record('second', 40)
  const times: number[] = []
  let cursor: string | null = null
  do {
    const page: ActivityPage = await test.list({ limit: 2, cursor })
    expect(ActivityPage.parse(page)).toEqual(page)
    times.push(...page.rows.map(({ at }) => at))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(times).toEqual([50, 40, 30, 20, 10])
})

it('history.activity asks only for what the filter can match', async () => {
  await using test = await setUp()
  await test.list({ kinds: ['failure', 'ban'], jail: 'sshd', search: '192.0.2.1' })
  expect(test.asked.at(-1)).toMatchObject({ types: ['failure.found'], bans: true, filter: { jail: 'sshd' } })
  await test.list({ kinds: ['ban'], first: true })
  expect(test.asked.at(-1)).toMatchObject({ types: [], bans: true, filter: { first: true } })
  expect(test.spans).toEqual([])
  await test.list({ kinds: ['change'], jail: 'sshd', origin: 'user', from: 5 })
  expect(test.spans).toMatchObject([{ jail: 'sshd', actorKinds: ['user', 'token'], from: 5 }])
  await test.list({ country: 'DE' })
  expect(test.spans).toHaveLength(1)
  expect(await test.list({ country: 'DE', search: 'country:FR' })).toEqual({ rows: [], nextCursor: null })
})

it('history.activityCounts counts each kind', async () => {
  await using test = await setUp()
  await test.record('first', 20)
  expect(await test.count({})).toEqual({
    counts: { ban: null, unban: 3, failure: 7, ignored: 0, system: 0, change: 5 },
    eventsSince: 10,
  })
  expect((await test.count({ jail: 'nginx' })).counts.change).toBe(4)
})
