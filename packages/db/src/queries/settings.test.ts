import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { deleteSetting, listSettings, setSetting, updateSettings } from './settings.ts'

it('keeps values of any JSON type, the last one written', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const values = { a: 1, b: false, c: 'text "quoted"', d: [1, { e: null }], f: null }
  for (const [key, value] of Object.entries(values)) await setSetting(db, key, { value, now: 1 })
  await setSetting(db, 'a', { value: 2, now: 2 })
  expect(Object.fromEntries(await listSettings(db))).toEqual({ ...values, a: 2 })
})

it('forgets a setting, also one that is not there', async () => {
  await using database = await openTestDatabase()
  await setSetting(database.db, 'a', { value: 1, now: 1 })
  await deleteSetting(database.db, 'a')
  await deleteSetting(database.db, 'a')
  expect(await listSettings(database.db)).toEqual(new Map())
})

it('changes several at once: null forgets, undefined leaves', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await updateSettings(db, { a: 1, b: 2, c: 3 }, 1)
  await updateSettings(db, { a: null, b: undefined, c: 4, d: 5 }, 2)
  expect(Object.fromEntries(await listSettings(db))).toEqual({ b: 2, c: 4, d: 5 })
})

it('changes all or none', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await setSetting(db, 'a', { value: 1, now: 1 })
  const unwritable = 10n
  await expect(updateSettings(db, { a: 2, b: unwritable }, 2)).rejects.toThrow('BigInt')
  expect(Object.fromEntries(await listSettings(db))).toEqual({ a: 1 })
  await setSetting(db, 'a', { value: 3, now: 3 })
  expect(Object.fromEntries(await listSettings(db))).toEqual({ a: 3 })
})

it('leaves out a value that is not JSON', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await db.insertInto('settings').values({ key: 'bad', value: '{', updated_at: 1 }).execute()
  await setSetting(db, 'good', { value: 1, now: 1 })
  expect(Object.fromEntries(await listSettings(db))).toEqual({ good: 1 })
})

it('takes changes that come at the same time, one after the other', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => updateSettings(db, { a: index, b: index }, index)),
  )
  const settings = await listSettings(db)
  expect(settings.get('a')).toBe(settings.get('b'))
})
