import type { HealthSeverity } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db, HostDb } from '../database.ts'
import type { Tables } from '../tables.ts'
import { inTransaction } from '../transaction.ts'

/** A finding as it is stored. Times are epoch milliseconds. */
export interface FindingRecord {
  /** the same problem of a host has the same id */
  readonly id: string
  readonly check: string
  readonly severity: HealthSeverity
  readonly jail: string | null
  /** plain data: what people read about it, as it was last seen */
  readonly content: unknown
  readonly since: number
  readonly lastSeen: number
  /** null: it is there */
  readonly until: number | null
}

/** What a run of checks changes. */
export interface FindingChanges {
  /** findings that are there, each stored anew or updated */
  readonly seen: readonly Omit<FindingRecord, 'until'>[]
  /** the ids of those that are no longer there */
  readonly ended: readonly string[]
  readonly now: number
}

const findingsOf = ({ db, hostId }: HostDb) =>
  db.selectFrom('findings').selectAll().where('host_id', '=', hostId)

/** Returns the findings of a host that are there, the oldest first. */
export async function listOpenFindings(hostDb: HostDb): Promise<FindingRecord[]> {
  const rows = await findingsOf(hostDb).where('until', 'is', null).orderBy('since').orderBy('id').execute()
  return rows.map(fromRow)
}

/** Returns the findings of a host that are no longer there, the last that ended first. */
export async function listEndedFindings(hostDb: HostDb, limit: number): Promise<FindingRecord[]> {
  const rows = await findingsOf(hostDb)
    .where('until', 'is not', null)
    .orderBy('until', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/**
 * Stores what a run of checks has shown, all or nothing. An acceptance that lasts as long as its finding goes with it, so that
 * the same problem counts when it comes back.
 */
export const saveFindings = ({ db, hostId }: HostDb, { seen, ended, now }: FindingChanges): Promise<void> =>
  inTransaction(db, async (transaction) => {
    for (const finding of seen) await saveSeen({ db: transaction, hostId }, finding)
    for (const id of ended) await endFinding({ db: transaction, hostId }, id, now)
  })

async function saveSeen({ db, hostId }: HostDb, finding: Omit<FindingRecord, 'until'>): Promise<void> {
  const { id, check, severity, jail, content, since, lastSeen } = finding
  const row = { severity, content: JSON.stringify(content), last_seen: lastSeen }
  const { numUpdatedRows } = await db
    .updateTable('findings')
    .set(row)
    .where('host_id', '=', hostId)
    .where('finding', '=', id)
    .where('until', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  await db
    .insertInto('findings')
    .values({ ...row, host_id: hostId, finding: id, check_id: check, jail, since, until: null })
    .execute()
}

async function endFinding({ db, hostId }: HostDb, id: string, now: number): Promise<void> {
  await db
    .updateTable('findings')
    .set({ until: now })
    .where('host_id', '=', hostId)
    .where('finding', '=', id)
    .where('until', 'is', null)
    .execute()
  await db
    .deleteFrom('accepted_findings')
    .where('host_id', '=', hostId)
    .where('finding', '=', id)
    .where('until', 'is', null)
    .execute()
}

const fromRow = (row: Selectable<Tables['findings']>): FindingRecord => ({
  id: row.finding,
  check: row.check_id,
  severity: row.severity,
  jail: row.jail,
  content: parsed(row.content),
  since: row.since,
  lastSeen: row.last_seen,
  until: row.until,
})

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // edited manually: it counts as empty
    return null
  }
}

export interface FindingLimits {
  /** findings that ended before this time are deleted; null: at no time */
  readonly endedBefore: number | null
  /** how many that ended stay */
  readonly most: number
}

/** Deletes old findings that are no longer there, of all hosts. Returns how many. */
export async function deleteOldFindings(db: Db, { endedBefore, most }: FindingLimits): Promise<number> {
  const newest = db
    .selectFrom('findings')
    .select('id')
    .where('until', 'is not', null)
    .orderBy('until', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
  const { numDeletedRows } = await db
    .deleteFrom('findings')
    .where('until', 'is not', null)
    .where(({ eb, or }) =>
      or([...(endedBefore === null ? [] : [eb('until', '<', endedBefore)]), eb('id', 'not in', newest)]),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}
