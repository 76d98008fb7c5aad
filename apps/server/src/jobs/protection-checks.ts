import type { HostDeps } from '../deps.ts'
import type { JobDefinition } from './scheduler.ts'

/** The checks of a host's protection. The job comes more often than any check: it runs those that are due. */
export const protectionChecks = ({ health }: Pick<HostDeps, 'health'>): JobDefinition => ({
  name: 'protection_checks',
  everySeconds: 10,
  deadline: 120_000,
  run: (signal) => health.runDue(signal),
})
