import * as z from 'zod'
import { healthChecks } from './health-checks.ts'

/** The id of a check of the protection. */
export const HealthCheckId = z.enum(healthChecks.map(({ id }) => id))
export type HealthCheckId = (typeof healthChecks)[number]['id']
