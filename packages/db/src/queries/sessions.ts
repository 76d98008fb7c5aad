import type { Role } from '@bangui/shared'
import type { Db } from '../database.ts'
import { roleOf } from './users.ts'

export interface Session {
  readonly id: number
  readonly userId: number
  readonly userName: string
  readonly role: Role
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
  readonly remoteAddress: string | null
  readonly userAgent: string | null
}

export interface NewSession {
  /** SHA-256 of the token, 32 bytes */
  readonly tokenHash: Uint8Array
  readonly userId: number
  readonly expiresAt: number
  readonly remoteAddress: string | null
  readonly userAgent: string | null
  readonly now: number
}

/** Adds a session and gives its id. Ids are never used twice. @throws when there is no such user */
export async function insertSession(db: Db, session: NewSession): Promise<number> {
  const row = await db
    .insertInto('sessions')
    .values({
      token_hash: session.tokenHash,
      user_id: session.userId,
      created_at: session.now,
      last_seen_at: session.now,
      expires_at: session.expiresAt,
      remote_address: session.remoteAddress,
      user_agent: session.userAgent,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** The session of a token, by the SHA-256 of it; whether it has expired is for the caller to see. */
export async function findSessionByTokenHash(db: Db, tokenHash: Uint8Array): Promise<Session | undefined> {
  const row = await selectSessions(db).where('token_hash', '=', tokenHash).executeTakeFirst()
  return row && sessionFromRow(row)
}

/** Every session of a user, the one used last first. */
export async function listSessions(db: Db, userId: number): Promise<Session[]> {
  const rows = await selectSessions(db)
    .where('user_id', '=', userId)
    .orderBy('last_seen_at', 'desc')
    .orderBy('sessions.id', 'desc')
    .execute()
  return rows.map(sessionFromRow)
}

/** Notes that a session was used; an earlier time than the one on record changes nothing. */
export async function touchSession(db: Db, id: number, lastSeenAt: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: lastSeenAt })
    .where('id', '=', id)
    .where('last_seen_at', '<', lastSeenAt)
    .execute()
}

/** Ends a session. False: there was none. */
export async function deleteSession(db: Db, id: number): Promise<boolean> {
  const result = await db.deleteFrom('sessions').where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** Ends every session of a user but `exceptId`, and gives the ids of those that ended. */
export async function deleteSessionsOfUser(db: Db, userId: number, exceptId?: number): Promise<number[]> {
  const query = db.deleteFrom('sessions').where('user_id', '=', userId).returning('id')
  const rows = await (exceptId === undefined ? query : query.where('id', '!=', exceptId)).execute()
  return rows.map((row) => row.id)
}

/** Ends the sessions that are over at `now` or were last used before `idleBefore`, and gives their ids. */
export async function deleteExpiredSessions(
  db: Db,
  { now, idleBefore }: { readonly now: number; readonly idleBefore: number },
): Promise<number[]> {
  const rows = await db
    .deleteFrom('sessions')
    .where((eb) => eb.or([eb('expires_at', '<=', now), eb('last_seen_at', '<', idleBefore)]))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** From where a user used BanGUI. */
export interface SignInAddress {
  /** an address, or the /64 of an IPv6 address */
  readonly address: string
  readonly user: string
}

/** Returns from where users have used BanGUI since a time, the latest first: sessions of now, and what is remembered of earlier ones. */
export async function listSignInAddresses(
  db: Db,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<SignInAddress[]> {
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.remote_address as address', 'users.name as user', 'sessions.last_seen_at as at'])
    .where('sessions.last_seen_at', '>=', since)
    .unionAll(
      db
        .selectFrom('known_sign_ins')
        .innerJoin('users', 'users.id', 'known_sign_ins.user_id')
        .select([
          'known_sign_ins.value as address',
          'users.name as user',
          'known_sign_ins.last_seen_at as at',
        ])
        .where('known_sign_ins.kind', '=', 'address')
        .where('known_sign_ins.last_seen_at', '>=', since),
    )
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap(({ address, user }) => (address === null ? [] : [{ address, user }]))
}

const selectSessions = (db: Db) =>
  db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.id',
      'sessions.user_id',
      'users.name',
      'users.role',
      'sessions.created_at',
      'sessions.last_seen_at',
      'sessions.expires_at',
      'sessions.remote_address',
      'sessions.user_agent',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof selectSessions>['executeTakeFirstOrThrow']>>

const sessionFromRow = (row: Row): Session => ({
  id: row.id,
  userId: row.user_id,
  userName: row.name,
  role: roleOf(row.role),
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
  remoteAddress: row.remote_address,
  userAgent: row.user_agent,
})
