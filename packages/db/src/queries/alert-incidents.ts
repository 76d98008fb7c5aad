import { IncidentStep, type Incident, type IncidentEntry, type IncidentState } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { Tables } from '../tables.ts'

/** An incident as the rules need it. */
export interface IncidentRecord {
  readonly seq: number
  readonly ruleId: number | null
  readonly subject: string
  readonly announcedAt: number | null
  readonly remindedAt: number | null
  readonly incident: Incident
}

type IncidentRow = Selectable<Tables['alert_incidents']> & { readonly host_key: string | null }

const incidents = (db: Db) =>
  db
    .selectFrom('alert_incidents')
    .leftJoin('hosts', 'hosts.id', 'alert_incidents.host_id')
    .selectAll('alert_incidents')
    .select('hosts.key as host_key')

/** Returns the incidents that are not resolved, the oldest first. */
export async function listOpenIncidents(db: Db): Promise<IncidentRecord[]> {
  const rows = await incidents(db).where('resolved_at', 'is', null).orderBy('seq').execute()
  return rows.map(recordOf)
}

/** Returns an incident by its public id. */
export async function findIncident(db: Db, id: string): Promise<IncidentRecord | undefined> {
  const row = await incidents(db).where('alert_incidents.id', '=', id).executeTakeFirst()
  return row && recordOf(row)
}

export interface IncidentQuery {
  /** null: all; `open`: every one that is not resolved */
  readonly state: IncidentState | null
  /** the ids of the hosts; those about no host are listed if `withoutHost` */
  readonly hosts: readonly number[]
  readonly withoutHost: boolean
  /** only those before this number */
  readonly before: number | null
  readonly limit: number
}

/** Returns incidents, the newest first. */
export async function listIncidents(
  db: Db,
  { state, hosts, withoutHost, before, limit }: IncidentQuery,
): Promise<IncidentRecord[]> {
  const rows = await incidents(db)
    .$if(state === 'open', (query) => query.where('resolved_at', 'is', null))
    .$if(state !== null && state !== 'open', (query) => query.where('state', '=', state ?? 'open'))
    .$if(before !== null, (query) => query.where('seq', '<', before ?? 0))
    .where(({ eb, or }) =>
      or([eb('host_id', 'in', [...hosts]), ...(withoutHost ? [eb('host_id', 'is', null)] : [])]),
    )
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map(recordOf)
}

/** Returns incidents that were opened in a span, or were not resolved at its end, the oldest first. */
export async function listIncidentsBetween(
  db: Db,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<Incident[]> {
  const rows = await incidents(db)
    .where('opened_at', '<', to)
    .where(({ eb, or }) => or([eb('opened_at', '>=', from), eb('resolved_at', 'is', null)]))
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => recordOf(row).incident)
}

/** Returns how many incidents of each rule are not resolved. */
export async function countOpenIncidents(db: Db): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('alert_incidents')
    .select(['rule_id', ({ fn }) => fn.countAll<number>().as('count')])
    .where('resolved_at', 'is', null)
    .where('rule_id', 'is not', null)
    .groupBy('rule_id')
    .execute()
  return new Map(rows.map(({ rule_id, count }) => [rule_id ?? 0, count]))
}

/** Returns what happened to an incident, the oldest first. */
export async function listIncidentHistory(db: Db, seq: number): Promise<IncidentEntry[]> {
  const rows = await db
    .selectFrom('alert_history')
    .selectAll()
    .where('incident', '=', seq)
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.flatMap(({ at, kind, by_name, detail }) => {
    const step = IncidentStep.safeParse(kind)
    return step.success ? [{ at, kind: step.data, by: by_name, detail }] : []
  })
}

const recordOf = (row: IncidentRow): IncidentRecord => ({
  seq: row.seq,
  ruleId: row.rule_id,
  subject: row.subject,
  announcedAt: row.announced_at,
  remindedAt: row.reminded_at,
  incident: {
    id: row.id,
    rule: row.rule,
    ruleId: row.rule_id,
    ruleName: row.rule_name,
    severity: row.severity,
    host: row.host_key,
    hostName: row.host_name,
    state: row.state,
    title: row.title,
    text: row.content,
    count: row.count,
    openedAt: row.opened_at,
    notifiedAt: row.notified_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at,
    mutedUntil: row.muted_until,
    mutedBy: row.muted_by,
  },
})
