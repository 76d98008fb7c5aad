import { logLevelChecks } from './checks/log-level-checks.ts'
import type { HealthChecks } from './health-check.ts'

/** Every check that this host has. */
export const allChecks: HealthChecks = { ...logLevelChecks }
