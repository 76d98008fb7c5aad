import { Pause } from '@bangui/shared'
import type { HostDb } from '../database.ts'

/** Returns the maintenance pause of a host; undefined: there is none, or what is stored cannot be read. */
export async function findPause({ db, hostId }: HostDb): Promise<Pause | undefined> {
  const row = await db.selectFrom('pauses').selectAll().where('host_id', '=', hostId).executeTakeFirst()
  if (!row) return undefined
  return Pause.safeParse({
    by: row.by_name,
    reason: row.reason,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    jails: parseJson(row.jails),
  }).data
}

/** Stores the maintenance pause of a host in place of the one that it had. */
export async function savePause({ db, hostId }: HostDb, pause: Pause): Promise<void> {
  const row = {
    by_name: pause.by,
    reason: pause.reason,
    started_at: pause.startedAt,
    ends_at: pause.endsAt,
    jails: JSON.stringify(pause.jails),
  }
  await db
    .insertInto('pauses')
    .values({ host_id: hostId, ...row })
    .onConflict((conflict) => conflict.column('host_id').doUpdateSet(row))
    .execute()
}

/** Deletes the maintenance pause of a host. */
export async function deletePause({ db, hostId }: HostDb): Promise<void> {
  await db.deleteFrom('pauses').where('host_id', '=', hostId).execute()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
