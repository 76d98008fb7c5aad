import { nextTurn, type AbortOptions } from '@bangui/async'
import {
  healthChecks,
  type HealthCheckId,
  type HealthCheckResult,
  type HealthRunRequest,
} from '@bangui/shared'
import type { HealthCheck, HealthChecks, Verdict } from './health-check.ts'
import type { Observation, ObservationPart, ObservedParts } from './observation.ts'
import type { Observed } from './observed.ts'

/** At most so many problems of a check are reported; the rest are counted. */
const MAX_PROBLEMS = 200
const MAX_UNKNOWNS = 200

/** Observes parts, each once in a run. */
export interface Observer {
  readonly at: number
  /** fail2ban was started or has loaded something in the last minute */
  readonly settling: () => Promise<boolean>
  /** Never rejects: what cannot be seen has a reason. */
  observe<TPart extends ObservationPart>(part: TPart): Promise<Observed<Observation[TPart]>>
}

/**
 * Runs the checks of a request in the order of the catalogue and yields the result of each; those that this host does not have are
 * left out. A check with an error in it cannot tell.
 */
export async function* runChecks(
  checks: HealthChecks,
  {
    request,
    observer,
    signal,
  }: { readonly request: HealthRunRequest; readonly observer: Observer } & AbortOptions,
): AsyncGenerator<HealthCheckResult> {
  const wanted = new Set<HealthCheckId>(request.checks)
  for (const { id } of healthChecks) {
    const check = checks[id]
    if (!wanted.has(id) || !check) continue
    if (signal?.aborted === true) return
    const parts: ObservedParts = await observeAll(check, observer)
    const settling = await observer.settling()
    await nextTurn()
    const startedAt = performance.now()
    const verdict = runSafely(check, { parts, history: request.history, now: observer.at })
    yield resultOfCheck(verdict, {
      check: id,
      at: observer.at,
      settling,
      tookMs: performance.now() - startedAt,
    })
  }
}

async function observeAll({ needs }: HealthCheck, observer: Observer): Promise<ObservedParts> {
  const entries: [ObservationPart, unknown][] = []
  for (const part of needs) entries.push([part, await observer.observe(part)])
  return Object.fromEntries(entries) as ObservedParts
}

function runSafely(check: HealthCheck, input: Parameters<HealthCheck['run']>[0]): Verdict {
  try {
    return check.run(input)
  } catch (error) {
    const why = `The check failed: ${error instanceof Error ? error.message : String(error)}`
    return { cannotTell: [{ jail: null, why: why.slice(0, 500) }] }
  }
}

function resultOfCheck(
  { problems = [], cannotTell = [], note, doesNotApply }: Verdict,
  about: Pick<HealthCheckResult, 'check' | 'at' | 'settling' | 'tookMs'>,
): HealthCheckResult {
  return {
    ...about,
    problems: problems.slice(0, MAX_PROBLEMS),
    omitted: Math.max(0, problems.length - MAX_PROBLEMS),
    cannotTell: cannotTell.slice(0, MAX_UNKNOWNS),
    note: note ?? null,
    doesNotApply: doesNotApply ?? null,
  }
}
