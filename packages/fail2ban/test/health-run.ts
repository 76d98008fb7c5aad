import {
  healthChecks,
  noHealthHistory,
  type HealthCheckId,
  type HealthCheckResult,
  type HealthHistory,
} from '@bangui/shared'
import type { Fail2banHost } from '../src/host.ts'

/** Runs checks of a host and returns their results by id. @default every check */
export async function runHealth(
  host: Fail2banHost,
  checks: readonly HealthCheckId[] = healthChecks.map(({ id }) => id),
  history: HealthHistory = noHealthHistory,
): Promise<Map<HealthCheckId, HealthCheckResult>> {
  const results = new Map<HealthCheckId, HealthCheckResult>()
  for await (const result of host.health.run({ checks: [...checks], history }))
    results.set(result.check, result)
  return results
}

/** Returns each problem as `check: title`. */
export const problemsIn = (results: ReadonlyMap<string, HealthCheckResult>): string[] =>
  [...results.values()].flatMap(({ check, problems }) => problems.map(({ title }) => `${check}: ${title}`))
