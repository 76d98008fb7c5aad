import { expect, test } from 'vitest'
import type { DaemonDatabase } from '../database/daemon-database.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { createHistoryVerbs } from './history-verbs.ts'

test('long readings take turns, so that a short one waits for one of them at most', async () => {
  const asked: string[] = []
  const gates: (() => void)[] = []
  const database: DaemonDatabase = {
    async ask(_path, kind) {
      asked.push(kind)
      if (kind === 'count') await new Promise<void>((resolve) => gates.push(resolve))
      throw new Error('there is nothing in it')
    },
    close: async () => undefined,
  }
  const connection = { request: async () => '/f2b.sqlite3' }
  const verbs = createHistoryVerbs({ connection, clock: () => 0 } as unknown as LocalHostContext, database)
  const counts = Array.from({ length: 10 }, (_, from) => verbs.count({ from, to: 10, bucketSeconds: 60 }))
  await expect(verbs.readBans({ cursor: null, limit: 1 })).rejects.toThrow('nothing')
  expect(asked.toSorted()).toEqual(['count', 'page'])
  for (let turn = 0; turn < 10; turn += 1) {
    gates[turn]?.()
    await expect(counts[turn]).rejects.toThrow('nothing')
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(asked.filter((kind) => kind === 'count')).toHaveLength(10)
})

test('who asks the same while it is counted shares the answer, and later it is counted again', async () => {
  const asked: string[] = []
  const database: DaemonDatabase = {
    async ask(_path, _kind, query) {
      asked.push(JSON.stringify(query))
      return {} as never
    },
    close: async () => undefined,
  }
  const connection = { request: async () => '/f2b.sqlite3' }
  const verbs = createHistoryVerbs({ connection, clock: () => 0 } as unknown as LocalHostContext, database)
  const day = { from: 0, to: 1, bucketSeconds: 60 }
  const [one, same, other] = await Promise.all([
    verbs.count(day),
    verbs.count({ ...day }),
    verbs.count({ ...day, to: 2 }),
  ])
  expect(one).toBe(same)
  expect(one).not.toBe(other)
  expect(asked).toHaveLength(2)
  await verbs.count(day)
  expect(asked).toHaveLength(3)
})

test('readings that nobody waits for any more leave the line, and nobody else is refused for them', async () => {
  const asked: unknown[] = []
  const first = Promise.withResolvers<never>()
  const database: DaemonDatabase = {
    async ask(_path, _kind, query) {
      asked.push(query)
      return asked.length === 1 ? first.promise : ({} as never)
    },
    close: async () => undefined,
  }
  const connection = { request: async () => '/f2b.sqlite3' }
  const verbs = createHistoryVerbs({ connection, clock: () => 0 } as unknown as LocalHostContext, database)
  const ask = (from: number, signal?: AbortSignal) =>
    verbs.count({ from, to: 1_000, bucketSeconds: 60 }, { signal })
  const running = ask(0)
  await expect.poll(() => asked).toHaveLength(1)
  const abort = new AbortController()
  const gone = Array.from({ length: 100 }, (_, index) => ask(index + 1, abort.signal))
  const stays = ask(1)
  abort.abort(new Error('they left'))
  for (const call of gone) await expect(call).rejects.toThrow('they left')
  const other = ask(500)
  first.resolve({} as never)
  await Promise.all([running, stays, other])
  expect(asked).toMatchObject([{ from: 0 }, { from: 1 }, { from: 500 }])
})
