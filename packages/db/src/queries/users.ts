import { Role } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { Tables } from '../tables.ts'
import { inTransaction } from '../transaction.ts'

export interface User {
  readonly id: number
  readonly name: string
  readonly passwordHash: string
  readonly role: Role
  readonly createdAt: number
  readonly passwordChangedAt: number
}

export interface NewUser {
  readonly name: string
  readonly passwordHash: string
  readonly role: Role
  readonly now: number
}

/** How many users there are. */
export async function countUsers(db: Db): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** Adds a user. Undefined: the name is taken, whatever its case. */
export async function insertUser(db: Db, user: NewUser): Promise<User | undefined> {
  const row = await db
    .insertInto('users')
    .values({
      name: user.name,
      name_key: nameKey(user.name),
      password_hash: user.passwordHash,
      role: user.role,
      created_at: user.now,
      password_changed_at: user.now,
    })
    .onConflict((conflict) => conflict.column('name_key').doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && userFromRow(row)
}

/** Adds the first user. Undefined: there is one already, also when two callers try at once. */
export const insertFirstUser = (db: Db, user: NewUser): Promise<User | undefined> =>
  inTransaction(db, async (transaction) =>
    (await countUsers(transaction)) === 0 ? insertUser(transaction, user) : undefined,
  )

/** The user of a name, whatever its case. */
export async function findUserByName(db: Db, name: string): Promise<User | undefined> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
  return row && userFromRow(row)
}

/** The user of an id. */
export async function findUserById(db: Db, id: number): Promise<User | undefined> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
  return row && userFromRow(row)
}

/** Sets a user's password hash. False: there is no such user. */
export async function updateUserPassword(
  db: Db,
  id: number,
  { passwordHash, now }: { readonly passwordHash: string; readonly now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set({ password_hash: passwordHash, password_changed_at: now })
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

const nameKey = (name: string) => name.normalize('NFKC').trim().toLowerCase()

const userFromRow = (row: Selectable<Tables['users']>): User => ({
  id: row.id,
  name: row.name,
  passwordHash: row.password_hash,
  role: roleOf(row.role),
  createdAt: row.created_at,
  passwordChangedAt: row.password_changed_at,
})

/** The role that a column holds; one that this version does not know gets the least rights. */
export const roleOf = (text: string): Role => Role.catch('viewer').parse(text)
