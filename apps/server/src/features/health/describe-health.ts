// What is known about the protection of a host, as it is sent. Everything here is pure.

import type { AcceptedFinding } from '@bangui/db'
import {
  healthAreas,
  healthChecks,
  type HealthCheckId,
  type HealthCheckReport,
  type HealthCounts,
  type HealthReport,
  type HealthSeverity,
  type HealthSummary,
  type ListedFinding,
  verdictOf,
} from '@bangui/shared'
import type { HealthLevels, OpenFinding } from './health-levels.ts'

/** Acceptances by the id of the finding, those that are over left out. */
export type AcceptedFindings = ReadonlyMap<string, AcceptedFinding>

const severities: readonly HealthSeverity[] = ['critical', 'warning', 'hint']

/** The most severe first, then the newest. */
const compareFindings = (one: OpenFinding, other: OpenFinding): number =>
  severities.indexOf(one.problem.severity) - severities.indexOf(other.problem.severity) ||
  other.since - one.since ||
  (one.id < other.id ? -1 : 1)

/** Returns every finding of the levels, the most severe first, then the newest. */
export const listFindings = ({ findings }: HealthLevels, accepted: AcceptedFindings): ListedFinding[] =>
  [...findings.values()].sort(compareFindings).map((finding) => listedOf(finding, accepted))

function listedOf({ id, check, problem, since, lastSeen }: OpenFinding, accepted: AcceptedFindings) {
  const { subject: _subject, ...shown } = problem
  const acceptance = accepted.get(id)
  return {
    id,
    check,
    ...shown,
    since,
    lastSeen,
    evidenceHidden: false,
    accepted: acceptance ? { by: acceptance.by, reason: acceptance.reason, until: acceptance.until } : null,
  }
}

/** Returns the findings in numbers; those that are accepted count as such alone. */
export function summarise(
  levels: HealthLevels,
  accepted: AcceptedFindings,
  { isComplete }: { readonly isComplete: boolean },
): Omit<HealthSummary, 'revision'> {
  const counting = [...levels.findings.values()].filter(({ id }) => !accepted.has(id)).sort(compareFindings)
  const ofJails = Map.groupBy(
    counting.filter(({ problem }) => problem.jail !== null),
    ({ problem }) => problem.jail ?? '',
  )
  return {
    ...countOf(counting),
    accepted: levels.findings.size - counting.length,
    cannotTell: healthChecks.filter(({ id }) => verdictOfCheck(levels, id) === 'cannot_tell').length,
    complete: isComplete,
    worst: counting[0]?.problem.title ?? null,
    jails: [...ofJails]
      .map(([jail, findings]) => ({ jail, ...countOf(findings) }))
      .sort((one, other) => (one.jail < other.jail ? -1 : 1)),
  }
}

function countOf(findings: readonly OpenFinding[]): HealthCounts {
  const count = (severity: HealthSeverity) =>
    findings.filter(({ problem }) => problem.severity === severity).length
  return { critical: count('critical'), warning: count('warning'), hint: count('hint') }
}

/** Returns what a check says on the whole: a suspicion is neither fine nor a problem. */
function verdictOfCheck(levels: HealthLevels, check: HealthCheckId): HealthCheckReport['verdict'] {
  const isOfCheck = (one: { readonly check: HealthCheckId }) => one.check === check
  const last = levels.checks.get(check)
  if ([...levels.findings.values()].some(isOfCheck)) return 'problem'
  if (!last || [...levels.suspects.values()].some(isOfCheck)) return 'waiting'
  return verdictOf({ problems: [], ...last })
}

/** Returns all checks that the host has, with what they said last. */
export const reportOf = (
  levels: HealthLevels,
  {
    missing,
    ...now
  }: Pick<HealthReport, 'running' | 'settling'> & { readonly missing: ReadonlySet<HealthCheckId> },
): HealthReport => ({
  ...now,
  suspected: [...levels.suspects.values()].map(({ check, problem, since }) => ({
    check,
    title: problem.title,
    jail: problem.jail,
    since,
  })),
  checks: healthChecks
    .filter(({ id }) => !missing.has(id))
    .map(({ id, area, title, meaning, severity, cadence }) => {
      const last = levels.checks.get(id)
      return {
        id,
        area: healthAreas[area],
        title,
        meaning,
        severity,
        cadence,
        verdict: verdictOfCheck(levels, id),
        checkedAt: last?.at ?? null,
        omitted: last?.omitted ?? 0,
        cannotTell: last?.cannotTell ?? [],
        note: last?.note ?? null,
        doesNotApply: last?.doesNotApply ?? null,
      }
    }),
})
