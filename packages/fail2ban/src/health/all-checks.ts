import { actionChecks } from './checks/action-checks.ts'
import { configChecks } from './checks/config-checks.ts'
import { machineChecks } from './checks/machine-checks.ts'
import { daemonChecks } from './checks/daemon-checks.ts'
import { filterTestChecks } from './checks/filter-test-checks.ts'
import { firewallChecks } from './checks/firewall-checks.ts'
import { installationChecks } from './checks/installation-checks.ts'
import { logContentChecks } from './checks/log-content-checks.ts'
import { limitChecks } from './checks/limit-checks.ts'
import { loadChecks } from './checks/load-checks.ts'
import { logFileChecks } from './checks/log-file-checks.ts'
import { logLevelChecks } from './checks/log-level-checks.ts'
import { memoryChecks } from './checks/memory-checks.ts'
import { ownLogChecks } from './checks/own-log-checks.ts'
import { addressChecks } from './checks/address-checks.ts'
import { pathChecks } from './checks/path-checks.ts'
import type { HealthChecks } from './health-check.ts'

/** Every check that this host has. */
export const allChecks: HealthChecks = {
  ...daemonChecks,
  ...loadChecks,
  ...logFileChecks,
  ...ownLogChecks,
  ...logLevelChecks,
  ...limitChecks,
  ...memoryChecks,
  ...actionChecks,
  ...firewallChecks,
  ...pathChecks,
  ...addressChecks,
  ...machineChecks,
  ...configChecks,
  ...logContentChecks,
  ...filterTestChecks,
  ...installationChecks,
}
