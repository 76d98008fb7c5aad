import { createHash } from 'node:crypto'
import type { HealthCheckId, HealthProblem } from '@bangui/shared'

/** Returns the id of a problem on its host: from run to run, the same problem has the same one. */
export function findingIdOf(
  check: HealthCheckId,
  { jail, subject }: Pick<HealthProblem, 'jail' | 'subject'>,
): string {
  const identity = JSON.stringify([check, jail, subject])
  return `${check}-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`
}
