import {
  findProgress,
  insertAlertRule,
  listAlertChannels,
  listAlertRules,
  listAlertSubjects,
  listOpenIncidents,
  setProgress,
  type AlertChannelRecord,
  type Db,
  type IncidentRecord,
} from '@bangui/db'
import { AlertRuleKind, defaultsOf, type AlertRule } from '@bangui/shared'
import type { KnownIncident } from './settle.ts'
import { SubjectMemory } from './subjects.ts'

/** What the rules know: as it is stored, or as the last look left it. */
export interface AlertMemory {
  readonly rules: readonly AlertRule[]
  readonly channels: readonly AlertChannelRecord[]
  /** by rule, then by subject */
  readonly subjects: ReadonlyMap<number, ReadonlyMap<string, SubjectMemory>>
  /** those that are not resolved */
  readonly incidents: readonly KnownIncident[]
}

/** Reads what the rules know. What cannot be read counts as not known. */
export async function loadMemory(db: Db): Promise<AlertMemory> {
  const subjects = new Map<number, Map<string, SubjectMemory>>()
  for (const { ruleId, subject, state } of await listAlertSubjects(db)) {
    const memory = SubjectMemory.safeParse(state).data
    if (!memory) continue
    const ofRule = subjects.get(ruleId) ?? new Map<string, SubjectMemory>()
    subjects.set(ruleId, ofRule.set(subject, memory))
  }
  return {
    rules: await listAlertRules(db),
    channels: await listAlertChannels(db),
    subjects,
    incidents: (await listOpenIncidents(db)).map(knownOf),
  }
}

const knownOf = ({ ruleId, subject, announcedAt, remindedAt, incident }: IncidentRecord): KnownIncident => ({
  ruleId,
  subject,
  announcedAt,
  remindedAt,
  id: incident.id,
  rule: incident.rule,
  severity: incident.severity,
  host: incident.host,
  hostName: incident.hostName,
  title: incident.title,
  text: incident.text,
  count: incident.count,
  openedAt: incident.openedAt,
  isAcknowledged: incident.acknowledgedAt !== null,
  mutedUntil: incident.mutedUntil,
})

/** Makes the first rules, one of each kind and all off, unless they were made before. */
export async function seedRules(db: Db, now: number): Promise<void> {
  if ((await findProgress(db, 'seeded')) !== undefined) return
  for (const kind of AlertRuleKind.options)
    await insertAlertRule(db, { ...defaultsOf(kind), enabled: false }, now)
  await setProgress(db, 'seeded', now)
}
