import { cadenceSeconds, healthChecks, type HealthCheckId } from '@bangui/shared'
import { CONFIRM_AFTER_MS, type Suspect } from './health-levels.ts'

/** A job comes a little early or late. */
const TOLERANCE_MS = 2_000

/** What decides which checks are due. Times are epoch milliseconds. */
export interface Rhythm {
  /** when each check ran last */
  readonly ranAt: ReadonlyMap<HealthCheckId, number>
  /** runs before that are outdated, since fail2ban has loaded something; null: none is */
  readonly outdatedAt: number | null
  readonly suspects: Iterable<Pick<Suspect, 'check' | 'since'>>
}

/**
 * Returns the checks that are due, in the order of the catalogue: those whose time has come, all after a load, and those that
 * have seen a problem once.
 */
export function dueChecks({ ranAt, outdatedAt, suspects }: Rhythm, now: number): HealthCheckId[] {
  const suspicious = new Set(
    [...suspects].filter(({ since }) => now - since >= CONFIRM_AFTER_MS).map(({ check }) => check),
  )
  return healthChecks
    .filter(({ id, cadence }) => {
      const last = ranAt.get(id)
      // a clock that stepped back
      if (last === undefined || last > now) return true
      if (outdatedAt !== null && last < outdatedAt) return true
      return suspicious.has(id) || now - last >= cadenceSeconds[cadence] * 1000 - TOLERANCE_MS
    })
    .map(({ id }) => id)
}
