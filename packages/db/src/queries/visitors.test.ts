import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { rememberSignIn } from './known-sign-ins.ts'
import { insertSession } from './sessions.ts'
import { insertUser } from './users.ts'
import { listVisitors } from './visitors.ts'

it('the visitors are where people had a session or signed in from since then, each once', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const user = await insertUser(db, { name: 'Ada', passwordHash: '-', role: 'admin', now: 0 })
  const userId = user?.id ?? 0
  const addSession = (token: number, remoteAddress: string | null, now: number) =>
    insertSession(db, {
      tokenHash: new Uint8Array(32).fill(token),
      userId,
      now,
      expiresAt: 99_000,
      remoteAddress,
      userAgent: null,
    })
  await addSession(1, '45.1.1.1', 5_000)
  await addSession(2, '2001:db8::1', 5_000)
  await addSession(3, '45.1.1.9', 4_999)
  await addSession(4, null, 5_000)
  const remember = (value: string, now: number) => rememberSignIn(db, { userId, kind: 'address', value, now })
  await remember('45.1.1.1', 5_000)
  await remember('45.1.1.2', 5_000)
  await remember('2001:db8::/64', 5_000)
  await rememberSignIn(db, { userId, kind: 'device', value: 'hash', now: 5_000 })
  const addresses = ['2001:db8::1', '45.1.1.1', '45.1.1.2']
  expect(await listVisitors(db, 5_000)).toEqual(addresses)
  expect(await listVisitors(db, 5_000, { networks: true })).toEqual(['2001:db8::/64', ...addresses])
})
