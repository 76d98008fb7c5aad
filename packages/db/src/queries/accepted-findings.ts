import type { HostDb } from '../database.ts'

/** That somebody accepted a finding of a host. Times are epoch milliseconds. */
export interface AcceptedFinding {
  /** the id of the finding */
  readonly finding: string
  readonly by: string
  readonly reason: string
  readonly at: number
  /** null: for as long as the finding lasts */
  readonly until: number | null
}

/** Returns the acceptances of a host, also those that are over. */
export async function listAcceptedFindings({ db, hostId }: HostDb): Promise<AcceptedFinding[]> {
  const rows = await db
    .selectFrom('accepted_findings')
    .selectAll()
    .where('host_id', '=', hostId)
    .orderBy('finding')
    .execute()
  return rows.map((row) => ({
    finding: row.finding,
    by: row.accepted_by,
    reason: row.reason,
    at: row.accepted_at,
    until: row.until,
  }))
}

/** Stores that somebody accepts a finding, instead of what was accepted of it before. */
export async function acceptFinding(
  { db, hostId }: HostDb,
  { finding, by, reason, at, until }: AcceptedFinding,
): Promise<void> {
  const row = { accepted_by: by, reason, accepted_at: at, until }
  await db
    .insertInto('accepted_findings')
    .values({ host_id: hostId, finding, ...row })
    .onConflict((conflict) => conflict.columns(['host_id', 'finding']).doUpdateSet(row))
    .execute()
}

/** Deletes an acceptance. Does nothing where there is none. */
export async function deleteAcceptedFinding({ db, hostId }: HostDb, finding: string): Promise<void> {
  await db
    .deleteFrom('accepted_findings')
    .where('host_id', '=', hostId)
    .where('finding', '=', finding)
    .execute()
}

/** Deletes the acceptances of a host that were over before a time. */
export async function deleteExpiredAcceptances({ db, hostId }: HostDb, before: number): Promise<void> {
  await db.deleteFrom('accepted_findings').where('host_id', '=', hostId).where('until', '<', before).execute()
}
