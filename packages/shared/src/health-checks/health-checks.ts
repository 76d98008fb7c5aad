import { addressChecks, banChecks } from './ban-checks.ts'
import { configChecks, installationChecks } from './config-checks.ts'
import { daemonChecks } from './daemon-checks.ts'
import { firewallChecks } from './firewall-checks.ts'
import { filterChecks, logChecks } from './log-checks.ts'

/** Every check of the protection, in the order in which they run and are listed. */
export const healthChecks = [
  ...daemonChecks,
  ...logChecks,
  ...filterChecks,
  ...banChecks,
  ...firewallChecks,
  ...addressChecks,
  ...configChecks,
  ...installationChecks,
] as const
