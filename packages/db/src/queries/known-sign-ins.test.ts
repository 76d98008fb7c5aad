import { expect, it } from 'vitest'
import type { Db } from '../database.ts'
import { openTestDatabase } from '../testing.ts'
import { isKnownSignIn, rememberSignIn, SIGN_IN_MEMORY_MS, MAX_SIGN_INS } from './known-sign-ins.ts'
import { insertUser } from './users.ts'

async function addUser(db: Db, name: string): Promise<number> {
  const user = await insertUser(db, { name, passwordHash: 'x', role: 'admin', now: 1 })
  return user?.id ?? 0
}

const home = { kind: 'address', value: '192.0.2.1' } as const

it('knows where a user signed in from, and not where another did', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const [anna, ben] = [await addUser(db, 'Anna'), await addUser(db, 'Ben')]
  expect(await isKnownSignIn(db, { ...home, userId: anna, now: 5 })).toBe(false)
  await rememberSignIn(db, { ...home, userId: anna, now: 5 })
  expect(await isKnownSignIn(db, { ...home, userId: anna, now: 5 })).toBe(true)
  expect(await isKnownSignIn(db, { ...home, userId: ben, now: 5 })).toBe(false)
  expect(await isKnownSignIn(db, { ...home, userId: anna, kind: 'device', now: 5 })).toBe(false)
  expect(await isKnownSignIn(db, { ...home, userId: anna, value: '192.0.2.2', now: 5 })).toBe(false)
})

it('forgets after half a year without a sign-in', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const userId = await addUser(db, 'Anna')
  await rememberSignIn(db, { ...home, userId, now: 0 })
  await rememberSignIn(db, { ...home, userId, now: 10 })
  expect(await isKnownSignIn(db, { ...home, userId, now: 10 + SIGN_IN_MEMORY_MS })).toBe(true)
  expect(await isKnownSignIn(db, { ...home, userId, now: 11 + SIGN_IN_MEMORY_MS })).toBe(false)
  await rememberSignIn(db, { ...home, value: '192.0.2.2', userId, now: 11 + SIGN_IN_MEMORY_MS })
  expect(await db.selectFrom('known_sign_ins').select('value').execute()).toEqual([{ value: '192.0.2.2' }])
})

it('keeps only the latest of each kind', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const userId = await addUser(db, 'Anna')
  await rememberSignIn(db, { kind: 'device', value: 'laptop', userId, now: 0 })
  for (let index = 0; index < MAX_SIGN_INS + 5; index++)
    await rememberSignIn(db, { kind: 'address', value: `192.0.2.${index}`, userId, now: index + 1 })
  expect(await db.selectFrom('known_sign_ins').select('value').execute()).toHaveLength(MAX_SIGN_INS + 1)
  const isKnown = (value: string) => isKnownSignIn(db, { kind: 'address', value, userId, now: 100 })
  expect(await isKnown('192.0.2.4')).toBe(false)
  expect(await isKnown('192.0.2.5')).toBe(true)
  expect(await isKnownSignIn(db, { kind: 'device', value: 'laptop', userId, now: 100 })).toBe(true)
})
