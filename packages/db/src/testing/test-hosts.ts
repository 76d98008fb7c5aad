import type BetterSqlite3 from 'better-sqlite3'
import { LOCAL_HOST_ID } from '@bangui/shared'
import type { Db, HostDb } from '../database.ts'
import { insertHost } from '../queries/hosts.ts'

/** The rows of the local host. */
export const local = (db: Db): HostDb => ({ db, hostId: LOCAL_HOST_ID })

/** Adds another host, and returns what reads and writes its rows. */
export async function addTestHost(db: Db, key = 'other'): Promise<HostDb> {
  const { id } = await insertHost(db, { key, name: key, kind: 'agent', createdAt: 0 })
  return { db, hostId: id }
}

/** Adds hosts with these ids where there are none. */
export function addTestHosts(sqlite: BetterSqlite3.Database, ids: readonly number[]): void {
  const insert = sqlite.prepare(
    `insert or ignore into hosts (id, key, name, kind, created_at) values (?, ?, ?, 'agent', 0)`,
  )
  for (const id of ids) insert.run(id, `host-${id}`, `host ${id}`)
}
