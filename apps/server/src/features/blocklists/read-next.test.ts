import { findContent, insertList, saveContent, type StoredList } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { startListServer } from '../../../test/list-server.ts'
import { readNext } from './read-next.ts'

const TEXT = '45.9.9.9\n45.8.8.0/24\n2a01::1\n'

async function createTest() {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await startListServer())
  const { deps, events } = stack.use(await createTestDeps({ BANGUI_ALLOW_PRIVATE_URLS: 'true' }))
  server.lists.set('/list', TEXT)
  const { db } = deps.database
  const fields = {
    name: 'Feed',
    url: server.url('/list'),
    jail: 'lists',
    schedule: null,
    zone: 'UTC',
    enabled: true,
    format: 'auto',
    column: null,
    unbanRemoved: false,
    nextAt: null,
    lastTriedAt: null,
    lastChangedAt: null,
    lastError: null,
    createdAt: 1,
    createdBy: 'ada',
  } as const
  const list: StoredList = { ...fields, hostId: deps.id, id: await insertList(deps.hostDb, fields) }
  const read = () => readNext(deps, list, new AbortController().signal)
  return { db, server, list, read, events, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

describe('a stored version of a list', () => {
  it.each([
    ['cut off', (content: Uint8Array) => content.subarray(0, 9)],
    ['empty', () => new Uint8Array(0)],
    ['changed in one bit', (content: Uint8Array) => content.with(8, (content[8] ?? 0) ^ 1)],
    ['something else', () => Buffer.from('SQLite format 3')],
  ])('that is %s counts as none: it is said once, and the list is fetched anew', async (_what, damage) => {
    await using test = await createTest()
    const { db, list, read, server, events } = test
    const good = await read()
    const stored = await findContent(db, list.id, 'next')
    if (!stored) throw new Error('nothing was stored')
    await saveContent(db, list.id, { ...stored, kind: 'current' })
    await saveContent(db, list.id, { ...stored, content: damage(stored.content) })
    // the one of an import that was cut off
    expect(await read()).toMatchObject({ isSame: true, hash: stored.hash })
    await saveContent(db, list.id, { ...stored, kind: 'current', content: damage(stored.content) })
    const asked = server.requests.length
    expect(await read()).toMatchObject({ ...good, isSame: true })
    expect(server.requests.slice(asked).map(({ status }) => status)).toEqual([304, 200])
    expect((await findContent(db, list.id, 'current'))?.content).toEqual(Buffer.from(stored.content))
    expect(events().filter((event) => event === 'blocklist_version_damaged')).toHaveLength(2)
  })

  it('that is damaged is said once where the list cannot be fetched, which then asks without conditions', async () => {
    await using test = await createTest()
    const { db, list, read, server, events } = test
    await read()
    const stored = await findContent(db, list.id, 'next')
    if (!stored) throw new Error('nothing was stored')
    await saveContent(db, list.id, { ...stored, content: new Uint8Array(3) })
    server.lists.set('/list', (response) => void response.writeHead(500).end())
    for (let times = 0; times < 2; times++) await expect(read()).rejects.toThrow('status 500')
    expect(server.requests.slice(-2).map(({ conditional }) => conditional)).toEqual([false, false])
    expect(events().filter((event) => event === 'blocklist_version_damaged')).toHaveLength(1)
  })
})
