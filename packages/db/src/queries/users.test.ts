import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import {
  countUsers,
  findUserById,
  findUserByName,
  insertFirstUser,
  insertUser,
  updateUserPassword,
  type NewUser,
} from './users.ts'

const anna: NewUser = { name: 'Anna', passwordHash: '$argon2id$1', role: 'admin', now: 1 }

it('finds a user by id, and by name whatever its case', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const user = await insertUser(db, anna)
  expect(user).toMatchObject({ name: 'Anna', passwordHash: '$argon2id$1', role: 'admin', createdAt: 1 })
  expect(await findUserById(db, user?.id ?? 0)).toEqual(user)
  for (const name of ['Anna', 'anna', 'ANNA', ' anna ']) expect(await findUserByName(db, name)).toEqual(user)
  for (const name of ['', 'anna2', "anna' or 1=1 --", '%'])
    expect(await findUserByName(db, name)).toBeUndefined()
  expect(await findUserById(db, 4711)).toBeUndefined()
})

it.each([
  ['anna', 'ANNA'],
  ['ÉMILE', 'émile'],
  ['e\u0301mile', '\u00e9mile'],
])('takes %s and %s for the same name', async (first, second) => {
  await using database = await openTestDatabase()
  const { db } = database
  expect(await insertUser(db, { ...anna, name: first })).toBeDefined()
  expect(await insertUser(db, { ...anna, name: second })).toBeUndefined()
  expect(await countUsers(db)).toBe(1)
})

it('adds a first user once, however many try', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const tries = Array.from({ length: 20 }, (_, index) =>
    insertFirstUser(db, { ...anna, name: `user${index}` }),
  )
  const added = (await Promise.all(tries)).filter((user) => user !== undefined)
  expect(added).toHaveLength(1)
  expect(await countUsers(db)).toBe(1)
  expect(await insertFirstUser(db, { ...anna, name: 'other' })).toBeUndefined()
})

it('sets a password, and says when there is no such user', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const user = await insertUser(db, anna)
  const id = user?.id ?? 0
  expect(await updateUserPassword(db, id, { passwordHash: '$argon2id$2', now: 9 })).toBe(true)
  expect(await findUserById(db, id)).toMatchObject({
    passwordHash: '$argon2id$2',
    passwordChangedAt: 9,
    createdAt: 1,
  })
  expect(await updateUserPassword(db, 4711, { passwordHash: 'x', now: 9 })).toBe(false)
})

it('gives a role that it does not know the least rights', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await insertUser(db, anna)
  await db.updateTable('users').set({ role: 'emperor' }).execute()
  expect((await findUserByName(db, 'anna'))?.role).toBe('viewer')
})
