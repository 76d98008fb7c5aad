import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { listSettings, setSetting } from './queries/settings.ts'
import { openTempDatabase } from './testing/temp-folder.ts'
import { openTestDatabase } from './testing.ts'
import { inTransaction } from './transaction.ts'

it('keeps nothing of work that fails, and the next one works', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await expect(
    inTransaction(db, async (transaction) => {
      await setSetting(transaction, 'a', { value: 1, now: 1 })
      throw new Error('stop')
    }),
  ).rejects.toThrow('stop')
  expect(await listSettings(db)).toEqual(new Map())
  await inTransaction(db, (transaction) => setSetting(transaction, 'a', { value: 2, now: 2 }))
  expect(await listSettings(db)).toEqual(new Map([['a', 2]]))
})

it('lets no other process write from its start to its end', async () => {
  const { db, path, migrate } = await openTempDatabase()
  await migrate()
  const other = new BetterSqlite3(path, { timeout: 0 })
  const writeElsewhere = () => other.exec(`insert into settings values ('other', '1', 1)`)
  await inTransaction(db, async () => {
    expect(writeElsewhere).toThrow('locked')
  })
  expect(writeElsewhere).not.toThrow()
  other.close()
})

it('lets nothing of other callers in between', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const increase = () =>
    inTransaction(db, async (transaction) => {
      const count = Number((await listSettings(transaction)).get('count') ?? 0)
      await new Promise((resolve) => setImmediate(resolve))
      await setSetting(transaction, 'count', { value: count + 1, now: 1 })
    })
  await Promise.all(Array.from({ length: 30 }, increase))
  expect((await listSettings(db)).get('count')).toBe(30)
})
