import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Db } from '../database.ts'
import { openTestDatabase } from '../testing.ts'
import {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOfUser,
  findSessionByTokenHash,
  insertSession,
  listSessions,
  listSignInAddresses,
  touchSession,
  type NewSession,
} from './sessions.ts'
import { rememberSignIn } from './known-sign-ins.ts'
import { insertUser } from './users.ts'

const hashOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest())

async function addUser(db: Db, name: string): Promise<number> {
  const user = await insertUser(db, { name, passwordHash: 'x', role: 'operator', now: 1 })
  if (!user) throw new Error('the name is taken')
  return user.id
}

const addSession = (db: Db, userId: number, session: Partial<NewSession> & { token: string }) =>
  insertSession(db, {
    tokenHash: hashOf(session.token),
    userId,
    expiresAt: 1000,
    remoteAddress: '192.0.2.1',
    userAgent: 'Firefox',
    now: 10,
    ...session,
  })

it('finds a session with its user by the hash of its token alone', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const userId = await addUser(db, 'Anna')
  const id = await addSession(db, userId, { token: 'secret' })
  expect(await findSessionByTokenHash(db, hashOf('secret'))).toEqual({
    id,
    userId,
    userName: 'Anna',
    role: 'operator',
    createdAt: 10,
    lastSeenAt: 10,
    expiresAt: 1000,
    remoteAddress: '192.0.2.1',
    userAgent: 'Firefox',
  })
  expect(await findSessionByTokenHash(db, hashOf('other'))).toBeUndefined()
  expect(await findSessionByTokenHash(db, new TextEncoder().encode('secret'))).toBeUndefined()
})

it('refuses a hash of another length, a token twice, and a user that is not there', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const userId = await addUser(db, 'Anna')
  await addSession(db, userId, { token: 'a' })
  await expect(addSession(db, userId, { token: 'a' })).rejects.toThrow('UNIQUE')
  await expect(addSession(db, userId, { token: 'b', tokenHash: new Uint8Array(31) })).rejects.toThrow('CHECK')
  await expect(addSession(db, 4711, { token: 'c' })).rejects.toThrow('FOREIGN KEY')
})

it('notes the last use, never an earlier one', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const id = await addSession(db, await addUser(db, 'Anna'), { token: 'a' })
  await touchSession(db, id, 50)
  await touchSession(db, id, 40)
  await touchSession(db, 4711, 60)
  expect((await findSessionByTokenHash(db, hashOf('a')))?.lastSeenAt).toBe(50)
})

it('lists the sessions of one user, the one used last first', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const [anna, ben] = [await addUser(db, 'Anna'), await addUser(db, 'Ben')]
  const first = await addSession(db, anna, { token: 'a' })
  const second = await addSession(db, anna, { token: 'b' })
  await addSession(db, ben, { token: 'c' })
  await touchSession(db, first, 99)
  expect((await listSessions(db, anna)).map(({ id }) => id)).toEqual([first, second])
})

it('ends one session, or all of a user but the one in use', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const [anna, ben] = [await addUser(db, 'Anna'), await addUser(db, 'Ben')]
  const ids = [await addSession(db, anna, { token: 'a' }), await addSession(db, anna, { token: 'b' })]
  const current = await addSession(db, anna, { token: 'c' })
  const other = await addSession(db, ben, { token: 'd' })
  expect(await deleteSession(db, ids[0] ?? 0)).toBe(true)
  expect(await deleteSession(db, ids[0] ?? 0)).toBe(false)
  expect(await deleteSessionsOfUser(db, anna, current)).toEqual([ids[1]])
  expect(await deleteSessionsOfUser(db, anna)).toEqual([current])
  expect(await deleteSessionsOfUser(db, anna)).toEqual([])
  expect((await listSessions(db, ben)).map(({ id }) => id)).toEqual([other])
})

it('ends the sessions that are over or were not used for long, and no other', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const anna = await addUser(db, 'Anna')
  const over = await addSession(db, anna, { token: 'a', expiresAt: 500, now: 490 })
  const idle = await addSession(db, anna, { token: 'b', now: 99 })
  const good = await addSession(db, anna, { token: 'c', expiresAt: 501, now: 100 })
  const ended = await deleteExpiredSessions(db, { now: 500, idleBefore: 100 })
  expect(new Set(ended)).toEqual(new Set([over, idle]))
  expect((await listSessions(db, anna)).map(({ id }) => id)).toEqual([good])
  expect(await deleteExpiredSessions(db, { now: 500, idleBefore: 100 })).toEqual([])
})

it('never uses an id twice', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const anna = await addUser(db, 'Anna')
  const first = await addSession(db, anna, { token: 'a' })
  await deleteSession(db, first)
  expect(await addSession(db, anna, { token: 'b' })).toBeGreaterThan(first)
})

it('ends with its user', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const anna = await addUser(db, 'Anna')
  await addSession(db, anna, { token: 'a' })
  await db.deleteFrom('users').where('id', '=', anna).execute()
  expect(await findSessionByTokenHash(db, hashOf('a'))).toBeUndefined()
})

it('lists from where users came since a time, the latest first', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const [anna, bob] = [await addUser(db, 'Anna'), await addUser(db, 'Bob')]
  await addSession(db, anna, { token: 'a', now: 50, remoteAddress: '192.0.2.1' })
  await addSession(db, bob, { token: 'b', now: 60, remoteAddress: null })
  await addSession(db, bob, { token: 'c', now: 40, remoteAddress: '192.0.2.3' })
  await rememberSignIn(db, { userId: bob, kind: 'address', value: '192.0.2.2', now: 70 })
  await rememberSignIn(db, { userId: bob, kind: 'device', value: 'a hash', now: 70 })
  expect(await listSignInAddresses(db, { since: 50, limit: 10 })).toEqual([
    { address: '192.0.2.2', user: 'Bob' },
    { address: '192.0.2.1', user: 'Anna' },
  ])
  expect(await listSignInAddresses(db, { since: 0, limit: 1 })).toEqual([
    { address: '192.0.2.2', user: 'Bob' },
  ])
})
