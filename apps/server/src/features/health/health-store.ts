import {
  acceptFinding,
  deleteAcceptedFinding,
  deleteExpiredAcceptances,
  listAcceptedFindings,
  listEndedFindings,
  listOpenFindings,
  saveFindings,
  type AcceptedFinding,
  type FindingRecord,
} from '@bangui/db'
import { EndedFinding, HealthCheckId, HealthProblem } from '@bangui/shared'
import type { HealthDeps } from './health-deps.ts'
import type { LevelChanges, OpenFinding } from './health-levels.ts'

/** The findings of a host as they are stored, so that they outlive BanGUI. */
export interface HealthStore {
  /** Returns what was there when BanGUI ended; what this version cannot read is left out. */
  load(): Promise<{ readonly findings: OpenFinding[]; readonly accepted: AcceptedFinding[] }>
  /** Stores what a result changed. Never rejects: what could not be stored is stored with a later result. */
  save(changes: LevelChanges, now: number): Promise<void>
  /** Returns findings that are no longer there, the last that ended first. */
  listEnded(limit: number): Promise<EndedFinding[]>
  accept(accepted: AcceptedFinding): Promise<void>
  unaccept(finding: string): Promise<void>
  /** Deletes the acceptances that were over before a time. */
  forgetExpired(before: number): Promise<void>
}

/** Creates the store of a host. */
export function createHealthStore({ hostDb, log }: Pick<HealthDeps, 'hostDb' | 'log'>): HealthStore {
  return {
    async load() {
      const [records, accepted] = await Promise.all([listOpenFindings(hostDb), listAcceptedFindings(hostDb)])
      return { findings: records.flatMap((record) => openFindingOf(record) ?? []), accepted }
    },
    async save({ began, seenAgain, ended }, now) {
      const seen = [...began, ...seenAgain.map(({ finding }) => finding)].map(recordOf)
      if (seen.length === 0 && ended.length === 0) return
      try {
        await saveFindings(hostDb, { seen, ended: ended.map(({ id }) => id), now })
      } catch (error) {
        log.warn({ event: 'findings_not_saved', err: error }, 'findings of the checks could not be saved')
      }
    },
    async listEnded(limit) {
      const records = await listEndedFindings(hostDb, limit)
      return records.flatMap((record) => endedFindingOf(record) ?? [])
    },
    accept: (accepted) => acceptFinding(hostDb, accepted),
    unaccept: (finding) => deleteAcceptedFinding(hostDb, finding),
    forgetExpired: (before) => deleteExpiredAcceptances(hostDb, before),
  }
}

const recordOf = ({ id, check, problem, since, lastSeen }: OpenFinding): Omit<FindingRecord, 'until'> => ({
  id,
  check,
  severity: problem.severity,
  jail: problem.jail,
  content: problem,
  since,
  lastSeen,
})

function openFindingOf({ id, check, content, since, lastSeen }: FindingRecord): OpenFinding | undefined {
  const knownCheck = HealthCheckId.safeParse(check)
  const problem = HealthProblem.safeParse(content)
  return knownCheck.success && problem.success
    ? { id, check: knownCheck.data, problem: problem.data, since, lastSeen }
    : undefined
}

function endedFindingOf(record: FindingRecord): EndedFinding | undefined {
  const { id, check, severity, jail, since, until, content } = record
  const { title } = HealthProblem.pick({ title: true }).safeParse(content).data ?? {}
  return EndedFinding.safeParse({ id, check, severity, jail, since, until, title }).data
}
