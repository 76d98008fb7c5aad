import type { HostKind, StoredHost } from '@bangui/shared'
import type { Db } from '../database.ts'

/** A host as it is added. */
export interface NewHost {
  /** its public id: lower-case letters, digits and `-`, never `all` */
  readonly key: string
  readonly name: string
  readonly kind: HostKind
  /** UTC epoch milliseconds */
  readonly createdAt: number
}

const columns = ['id', 'key', 'name', 'kind', 'created_at as createdAt'] as const

/** Returns every host, in the order in which they were added. */
export const listHosts = (db: Db): Promise<StoredHost[]> =>
  db.selectFrom('hosts').select(columns).orderBy('id').execute()

/** Returns the host with this public id. */
export const findHostByKey = (db: Db, key: string): Promise<StoredHost | undefined> =>
  db.selectFrom('hosts').select(columns).where('key', '=', key).executeTakeFirst()

/** Adds a host and returns it. @throws when a host has this key already */
export const insertHost = (db: Db, { createdAt, ...host }: NewHost): Promise<StoredHost> =>
  db
    .insertInto('hosts')
    .values({ ...host, created_at: createdAt })
    .returning(columns)
    .executeTakeFirstOrThrow()

/** Sets the name that people see. */
export async function setHostName(db: Db, id: number, name: string): Promise<void> {
  await db.updateTable('hosts').set({ name }).where('id', '=', id).execute()
}
