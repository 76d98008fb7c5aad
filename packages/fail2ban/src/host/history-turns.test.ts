import { expect, test } from 'vitest'
import type { DaemonDatabase } from '../database/daemon-database.ts'
import type { HostContext } from './context.ts'
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
  const verbs = createHistoryVerbs({ connection, clock: () => 0 } as unknown as HostContext, database)
  const query = { from: 0, to: 1, bucketSeconds: 60 }
  const counts = Array.from({ length: 10 }, () => verbs.countLiveBans(query))
  await expect(verbs.readBanHistory({ cursor: null, limit: 1 })).rejects.toThrow('nothing')
  expect(asked.toSorted()).toEqual(['count', 'page'])
  for (let turn = 0; turn < 10; turn += 1) {
    gates[turn]?.()
    await expect(counts[turn]).rejects.toThrow('nothing')
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(asked.filter((kind) => kind === 'count')).toHaveLength(10)
})
