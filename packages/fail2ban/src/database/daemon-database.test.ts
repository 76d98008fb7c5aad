import { once } from 'node:events'
import { chmod, copyFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  banData,
  createTestDatabase,
  openAsFail2ban,
  type TestDatabase,
} from './testing/fail2ban-database.ts'
import { nameOfBan } from '../ban-name.ts'
import { createDaemonDatabase } from './daemon-database.ts'
import type { BanTable } from './database-queries.ts'

const now = 1_795_300_000_000
const seconds = now / 1000

async function withReader() {
  const file = await createTestDatabase()
  const reader = createDaemonDatabase()
  const page = (cursor: string | null, limit = 3, table: BanTable = 'bans') =>
    reader.ask(file.path, 'page', { table, cursor, limit, now })
  return {
    file,
    reader,
    page,
    async [Symbol.asyncDispose]() {
      await reader.close()
      await file[Symbol.asyncDispose]()
    },
  }
}

const ip = (n: number) => `10.0.${n >> 8}.${n & 255}`
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ ip: ip(from + n), timeofban: seconds - 1000 + from + n }))
const addresses = (found: { rows: readonly { address: string }[] }) =>
  found.rows.map(({ address }) => address)

test('the history is read in pages, oldest first, and what comes later with the same cursor', async () => {
  await using at = await withReader()
  at.file.insert('bans', rows(7))
  const first = await at.page(null)
  expect(first).toMatchObject({ done: false, total: 7 })
  const second = await at.page(first.cursor)
  const third = await at.page(second.cursor)
  expect([first, second, third].flatMap(addresses)).toEqual(rows(7).map((row) => row.ip))
  expect(third).toMatchObject({ done: true, total: null })
  expect(addresses(await at.page(third.cursor))).toEqual([])
  at.file.insert('bans', rows(2, 7))
  expect(addresses(await at.page(third.cursor))).toEqual([ip(7), ip(8)])
})

test.each(['bans', 'bips'] as const)(
  'a NUL in an id of %s does not end its name, and one of no characters has a name',
  async (table) => {
    await using at = await withReader()
    const ids = ['', 'a\u0000b', 'a\u0000c', '\u0000', `${'ä'.repeat(990)}\u0000${'😀'.repeat(500)}`]
    at.file.insert(
      table,
      ids.map((id) => ({ ip: id, timeofban: seconds - 10 })),
    )
    expect(addresses(await at.page(null, 10, table))).toEqual(ids.map(nameOfBan))
  },
)

test('after the newest rows were deleted, rows that get their rowids again are read', async () => {
  await using at = await withReader()
  at.file.insert('bans', rows(100))
  const { cursor } = await at.page(null, 100)
  at.file.database.exec('delete from bans where rowid > 97')
  at.file.insert('bans', rows(2, 200))
  const found = addresses(await at.page(cursor, 100))
  expect(found).toEqual(expect.arrayContaining([ip(200), ip(201)]))
  expect(found.length).toBeLessThan(30)
})

test('after everything was purged, or the file is another one, reading starts over', async () => {
  await using at = await withReader()
  at.file.insert('bans', rows(50))
  const { cursor } = await at.page(null, 100)
  at.file.database.exec('delete from bans')
  at.file.insert('bans', rows(3, 300))
  const purged = await at.page(cursor, 100)
  expect(addresses(purged)).toEqual([ip(300), ip(301), ip(302)])
  const copy = `${at.file.path}.new`
  await copyFile(at.file.path, copy)
  const other = openAsFail2ban(copy)
  other.exec("insert into bans (jail, ip, timeofban, bantime) values ('sshd', '192.0.2.99', 1795200000, 600)")
  other.close()
  await rename(copy, at.file.path)
  expect(await at.page(purged.cursor, 100)).toMatchObject({ total: 4 })
})

test.each(['nonsense', '~~~', '1.2.3~99999999999999999999.abcdefgh', 'x'.repeat(10_000)])(
  'a cursor that is none of ours starts from the beginning',
  async (cursor) => {
    await using at = await withReader()
    at.file.insert('bans', rows(1))
    expect(await at.page(cursor)).toMatchObject({ total: 1 })
  },
)

test('only bans in force are read as active', async () => {
  await using at = await withReader()
  at.file.insert('bips', [
    { ip: '192.0.2.1', timeofban: seconds - 599 },
    { ip: '192.0.2.2', timeofban: seconds - 600 },
    { ip: '192.0.2.3', timeofban: 1, bantime: -1 },
    { ip: '192.0.2.4', timeofban: 1, bantime: -2 },
  ])
  const found = await at.page(null, 10, 'bips')
  expect(addresses(found)).toEqual(['192.0.2.1', '192.0.2.3'])
  expect(found.total).toBe(2)
})

test('rows that are no bans are passed over, and the page goes on behind them', async () => {
  await using at = await withReader()
  at.file.insert('bans', [
    { ip: null },
    { timeofban: 'x' },
    { ip: '192.0.2.1', data: 'x'.repeat(1_000_000) },
    { ip: '192.0.2.2' },
  ])
  const first = await at.page(null, 2)
  expect(first).toMatchObject({ rows: [], done: false })
  const second = await at.page(first.cursor, 2)
  expect(second.rows).toMatchObject([{ address: '192.0.2.1', lines: [] }, { address: '192.0.2.2' }])
})

test('the live list is newest first in pages, by jail, time, address and network', async () => {
  await using at = await withReader()
  at.file.insert('bans', [
    { ip: '192.0.2.1', timeofban: 100 },
    { ip: '192.0.2.200', timeofban: 300 },
    { ip: '192.0.3.1', timeofban: 200, jail: 'web' },
    { ip: '2001:db8::1', timeofban: 300 },
    { ip: '192.0.2.0/25', timeofban: 50, data: banData({ matches: ['x'], failures: 2 }) },
  ])
  const everything = { from: null, to: null, jail: null, address: null, cursor: null, limit: 2 }
  const list = (changes: object) => at.reader.ask(at.file.path, 'list', { ...everything, ...changes })
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const found = await list({ cursor: cursor ?? null })
    seen.push(...addresses(found))
    cursor = found.nextCursor
  }
  expect(seen).toEqual(['2001:db8::1', '192.0.2.200', '192.0.3.1', '192.0.2.1', '192.0.2.0/25'])
  const only = async (changes: object) => addresses(await list({ limit: 10, ...changes }))
  expect(await only({ jail: 'web' })).toEqual(['192.0.3.1'])
  expect(await only({ from: 100_000, to: 300_000 })).toEqual(['192.0.3.1', '192.0.2.1'])
  expect(await only({ address: '192.0.2.0/24' })).toEqual(['192.0.2.200', '192.0.2.1', '192.0.2.0/25'])
  expect(await only({ address: '192.0.2.0/25' })).toEqual(['192.0.2.1', '192.0.2.0/25'])
  expect(await only({ address: '2001:db8::/32' })).toEqual(['2001:db8::1'])
  expect(await only({ address: '192.0.2.1' })).toEqual(['192.0.2.1'])
  expect(await only({ address: "' or 1=1 --", jail: "'" })).toEqual([])
  expect(await only({ address: '192.0.2.1', withHolders: true })).toEqual(['192.0.2.1', '192.0.2.0/25'])
  expect(await only({ address: '192.0.2.64/26', withHolders: true })).toEqual(['192.0.2.0/25'])
})

test('a table of many pieces gives the same answers as a small one', async () => {
  await using at = await withReader()
  const count = 120_000
  // the newest in the middle, and an address with more bans than a piece has rows
  const time = (n: number) => seconds - Math.abs(n - 70_000)
  const address = (n: number) => (n % 2 === 0 ? '192.0.2.1' : `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  at.file.insert(
    'bans',
    Array.from({ length: count }, (_, n) => ({ ip: address(n), timeofban: time(n) })),
  )
  const query = { from: null, to: null, jail: null, address: null, cursor: null, limit: 3 }
  const first = await at.reader.ask(at.file.path, 'list', query)
  expect(addresses(first)).toEqual([70_000, 70_001, 69_999].map(address))
  const second = await at.reader.ask(at.file.path, 'list', { ...query, cursor: first.nextCursor })
  expect(addresses(second)).toEqual([70_002, 69_998, 70_003].map(address))
  const inside = await at.reader.ask(at.file.path, 'list', { ...query, address: '10.0.0.0/24' })
  expect(addresses(inside)).toEqual([255, 253, 251].map(address))
  const counts = await at.reader.ask(at.file.path, 'count', {
    from: 0,
    to: now + 1000,
    bucketSeconds: 1_000_000_000,
  })
  expect(counts.buckets).toEqual([{ jail: 'sshd', start: 1_000_000_000_000, bans: count }])
  expect(counts.addresses).toBe(count / 2 + 1)
  expect(counts.packed.count).toBe(count / 2 + 1)
  expect(counts.topAddresses[0]).toMatchObject({ address: '192.0.2.1', bans: count / 2, lastAt: now })
})

const faults: readonly [state: string, make: (file: TestDatabase) => Promise<unknown>][] = [
  ['missing', ({ path }) => rm(path)],
  ['malformed', ({ path }) => writeFile(path, 'this is no database, but long enough to be one'.repeat(100))],
  ['malformed', ({ path }) => truncate(path, 3000)],
  ['malformed', async ({ database }) => database.exec('drop table bips; drop table bans')],
  ['malformed', ({ path }) => truncate(path, 0)],
  ['unreadable', ({ path }) => rm(path).then(() => mkdir(path))],
  ['locked', async ({ database }) => database.exec('begin exclusive')],
]

test.each(faults)(
  'a database that is %s is told as such, and read again when it is well',
  async (state, make) => {
    await using at = await withReader()
    at.file.insert('bans', rows(1))
    const well = join(dirname(at.file.path), 'well')
    await copyFile(at.file.path, well)
    expect(await at.page(null)).toMatchObject({ total: 1 })
    await make(at.file)
    const failure = at.reader.ask(at.file.path, 'check', null)
    await expect(failure).rejects.toMatchObject({
      name: 'DaemonDatabaseError',
      params: { status: { state, path: at.file.path, message: expect.stringContaining(at.file.path) } },
    })
    if (at.file.database.inTransaction) at.file.database.exec('rollback')
    await rm(at.file.path, { recursive: true, force: true })
    await copyFile(well, at.file.path)
    expect(await at.page(null)).toMatchObject({ total: 1 })
  },
)

test('a link to the database is followed, and nothing is ever written', async () => {
  await using at = await withReader()
  at.file.insert('bans', rows(1))
  const link = `${at.file.path}.link`
  await symlink(at.file.path, link)
  await chmod(at.file.path, 0o400)
  const query = { table: 'bans', cursor: null, limit: 10, now } as const
  expect(await at.reader.ask(link, 'page', query)).toMatchObject({ total: 1 })
})

test('what is asked after the end is refused, and ending twice is fine', async () => {
  const reader = createDaemonDatabase()
  await reader.close()
  await reader.close()
  await expect(reader.ask('/x', 'check', null)).rejects.toMatchObject({ name: 'DaemonDatabaseError' })
})

test('the thread ends when nothing is asked for a while, and what is asked meanwhile is answered', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  await using file = await createTestDatabase()
  file.insert('bans', rows(1))
  const threads: Worker[] = []
  const reader = createDaemonDatabase(() => {
    const thread = new Worker(new URL('database-worker.ts', import.meta.url))
    threads.push(thread)
    return thread
  })
  const page = () => reader.ask(file.path, 'page', { table: 'bans', cursor: null, limit: 1, now })
  await page()
  vi.advanceTimersByTime(1_999)
  await page()
  vi.advanceTimersByTime(1_999)
  expect(threads.map(({ threadId }) => threadId > 0)).toEqual([true])
  const ended = threads.map((thread) => once(thread, 'exit'))
  vi.advanceTimersByTime(1)
  expect(await Promise.all([page(), page()])).toMatchObject([{ total: 1 }, { total: 1 }])
  await Promise.all(ended)
  expect(threads).toHaveLength(2)
  await reader.close()
  expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1])
})
