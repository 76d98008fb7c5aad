import { DAY_MS } from '@bangui/shared'
import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'

/** How long a sign-in is remembered, in milliseconds: half a year. */
export const SIGN_IN_MEMORY_MS = 180 * DAY_MS

/** How many addresses, and how many devices, are remembered of a user. */
export const MAX_SIGN_INS = 50

export interface SignIn {
  readonly userId: number
  readonly kind: 'address' | 'device'
  /** an address (IPv6: its /64), or the hash of a device's cookie */
  readonly value: string
  readonly now: number
}

/** Remembers where a user signed in from; the oldest beyond {@link MAX_SIGN_INS} and {@link SIGN_IN_MEMORY_MS} are forgotten. */
export const rememberSignIn = (db: Db, { userId, kind, value, now }: SignIn): Promise<void> =>
  inTransaction(db, async (transaction) => {
    await transaction
      .insertInto('known_sign_ins')
      .values({ user_id: userId, kind, value, last_seen_at: now })
      .onConflict((conflict) =>
        conflict.columns(['kind', 'value', 'user_id']).doUpdateSet({ last_seen_at: now }),
      )
      .execute()
    await transaction
      .deleteFrom('known_sign_ins')
      .where('last_seen_at', '<', now - SIGN_IN_MEMORY_MS)
      .execute()
    await transaction
      .deleteFrom('known_sign_ins')
      .where('user_id', '=', userId)
      .where('kind', '=', kind)
      .where('value', 'not in', (eb) =>
        eb
          .selectFrom('known_sign_ins')
          .select('value')
          .where('user_id', '=', userId)
          .where('kind', '=', kind)
          .orderBy('last_seen_at', 'desc')
          .orderBy('value')
          .limit(MAX_SIGN_INS),
      )
      .execute()
  })

/** Returns whether anything is remembered of where a user signed in from. */
export async function hasSignedIn(db: Db, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom('known_sign_ins')
    .select('user_id')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether this user signed in from there before. */
export async function isKnownSignIn(db: Db, { userId, kind, value, now }: SignIn): Promise<boolean> {
  const row = await db
    .selectFrom('known_sign_ins')
    .select('user_id')
    .where('kind', '=', kind)
    .where('value', '=', value)
    .where('user_id', '=', userId)
    .where('last_seen_at', '>=', now - SIGN_IN_MEMORY_MS)
    .executeTakeFirst()
  return row !== undefined
}
