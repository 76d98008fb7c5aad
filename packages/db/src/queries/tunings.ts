import type { HostDb } from '../database.ts'

/** Returns what changes of jails asked for, as plain data, the newest first: those that have succeeded, at most `limit`. */
export async function listTunings({ db, hostId }: HostDb, limit: number): Promise<unknown[]> {
  const rows = await db
    .selectFrom('operations')
    .select('params')
    .where('host_id', '=', hostId)
    .where('kind', '=', 'jail.update')
    .where('state', '=', 'done')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ params }): unknown => JSON.parse(params))
}
