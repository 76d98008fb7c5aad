// What is known about the protection of a host, and how the result of a check changes it. Everything here is pure.

import { healthChecks, type HealthCheckId, type HealthCheckResult, type HealthProblem } from '@bangui/shared'
import { findingIdOf } from './finding-id.ts'

/** A problem that is not certain at first sight must be seen in two runs that are so far apart. */
export const CONFIRM_AFTER_MS = 20_000

/** A problem that is reported and lasts. Times are epoch milliseconds. */
export interface OpenFinding {
  readonly id: string
  readonly check: HealthCheckId
  readonly problem: HealthProblem
  /** when it was first seen */
  readonly since: number
  readonly lastSeen: number
}

/** A problem that was seen once. */
export type Suspect = Pick<OpenFinding, 'check' | 'problem' | 'since'>

/** What a check said last, without its problems. */
export type LastResult = Pick<HealthCheckResult, 'at' | 'cannotTell' | 'note' | 'omitted' | 'doesNotApply'>

export interface HealthLevels {
  readonly findings: ReadonlyMap<string, OpenFinding>
  readonly suspects: ReadonlyMap<string, Suspect>
  readonly checks: ReadonlyMap<HealthCheckId, LastResult>
}

/** The levels of a host about which nothing is known. */
export const noLevels: HealthLevels = { findings: new Map(), suspects: new Map(), checks: new Map() }

/** A finding that is still there, and the problem as it was seen before. */
export interface SeenAgain {
  readonly finding: OpenFinding
  readonly before: HealthProblem
}

/** What a result changes in the findings. */
export interface LevelChanges {
  readonly began: readonly OpenFinding[]
  readonly seenAgain: readonly SeenAgain[]
  readonly ended: readonly OpenFinding[]
}

const atOnce: ReadonlySet<HealthCheckId> = new Set(
  healthChecks.filter((check) => check.atOnce).map(({ id }) => id),
)

/**
 * Returns the levels after the result of a check. A problem becomes a finding when it is certain at first sight or seen a second
 * time; a finding ends when its check does not see it any more and can tell.
 */
export function foldResult(
  levels: HealthLevels,
  result: HealthCheckResult,
): { readonly levels: HealthLevels; readonly changes: LevelChanges } {
  const { check, at, cannotTell, note, omitted, doesNotApply } = result
  const seen = new Map(result.problems.map((problem) => [findingIdOf(check, problem), problem] as const))
  const findings = new Map(levels.findings)
  const suspects = new Map(levels.suspects)
  const began: OpenFinding[] = []
  const seenAgain: SeenAgain[] = []

  for (const [id, problem] of seen) {
    const open = findings.get(id)
    if (open) {
      const finding = { ...open, problem, lastSeen: at }
      findings.set(id, finding)
      seenAgain.push({ finding, before: open.problem })
      continue
    }
    // a clock that stepped back starts the wait anew
    const since = Math.min(suspects.get(id)?.since ?? at, at)
    if (atOnce.has(check) || at - since >= CONFIRM_AFTER_MS) {
      const finding = { id, check, problem, since, lastSeen: at }
      suspects.delete(id)
      findings.set(id, finding)
      began.push(finding)
    } else suspects.set(id, { check, problem, since })
  }

  const isOver = (id: string, one: Suspect) =>
    one.check === check && !seen.has(id) && canTellOf(result, one.problem.jail)
  for (const [id, suspect] of suspects) if (isOver(id, suspect)) suspects.delete(id)
  const ended = [...findings.values()].filter((finding) => isOver(finding.id, finding))
  for (const { id } of ended) findings.delete(id)
  const checks = new Map(levels.checks).set(check, { at, cannotTell, note, omitted, doesNotApply })
  return { levels: { findings, suspects, checks }, changes: { began, seenAgain, ended } }
}

/** Returns whether a problem of a jail that is not in a result is really not there. */
const canTellOf = ({ cannotTell, omitted }: HealthCheckResult, jail: string | null): boolean =>
  omitted === 0 && !cannotTell.some((unknown) => unknown.jail === null || unknown.jail === jail)

/** Returns the levels without the findings of checks that the host does not have, and those findings. */
export function withoutChecks(
  levels: HealthLevels,
  missing: ReadonlySet<HealthCheckId>,
): { readonly levels: HealthLevels; readonly ended: readonly OpenFinding[] } {
  const isLeft = ({ check }: { readonly check: HealthCheckId }) => !missing.has(check)
  return {
    levels: {
      findings: new Map([...levels.findings].filter(([, finding]) => isLeft(finding))),
      suspects: new Map([...levels.suspects].filter(([, suspect]) => isLeft(suspect))),
      checks: new Map([...levels.checks].filter(([check]) => !missing.has(check))),
    },
    ended: [...levels.findings.values()].filter((finding) => !isLeft(finding)),
  }
}
