import { healthChecks, type HealthReport, type HealthRunOutcome } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import { reportOf } from './describe-health.ts'
import type { Findings } from './findings.ts'
import type { HealthDeps } from './health-deps.ts'
import { createHealthRuns, type RunOptions } from './health-runs.ts'

/** The checks of a host's protection: they run, and what they find are levels that last. */
export interface Health {
  /** Runs the checks that are due. Does nothing while fail2ban is busy, or was loaded within the last minute. */
  runDue(signal: AbortSignal): Promise<void>
  /** Runs every check now, after a run under way. @throws AppError busy */
  runAll(options: RunOptions): Promise<HealthRunOutcome>
  report(): Promise<HealthReport>
  /** Returns the findings, loaded. */
  findings(): Promise<Findings>
}

/** Creates the checks of a host; none runs yet. */
export function createHealth(deps: HealthDeps): Health {
  const runs = createHealthRuns(deps)
  const { findings } = runs

  const reportNow = () =>
    reportOf(findings.levels(), {
      missing: runs.missing,
      running: runs.isRunning(),
      settling: runs.isHostSettling() || runs.isQuiet(),
    })

  return {
    async runDue(signal) {
      await findings.load()
      await findings.endExpired()
      if (runs.isBusy()) return
      const due = runs.listDue()
      if (due.length > 0) await runs.run(due, { signal })
    },
    async runAll(options) {
      await findings.load()
      if (runs.isBusy()) throw new AppError('busy')
      const checks = healthChecks.map(({ id }) => id)
      const left = runs.isQuiet() ? new Set(checks) : await runs.run(checks, options)
      const { checks: listed, settling } = reportNow()
      return {
        checks: checks.length - left.size,
        cannotTell: listed.filter(({ verdict }) => verdict === 'cannot_tell').length,
        findings: findings.levels().findings.size,
        suspected: findings.levels().suspects.size,
        settling,
        revision: deps.state.get().health.revision,
      }
    },
    async report() {
      await findings.load()
      return reportNow()
    },
    async findings() {
      await findings.load()
      return findings
    },
  }
}
