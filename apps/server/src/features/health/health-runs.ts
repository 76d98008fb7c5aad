import { mutex } from '@bangui/async'
import { healthChecks, type HealthCheckId, type HealthCheckResult, type StoredEvent } from '@bangui/shared'
import type { RememberedJails } from '../jails/remembered-jails.ts'
import type { HealthDeps } from './health-deps.ts'
import { dueChecks } from './due-checks.ts'
import { createFindings, type Findings } from './findings.ts'
import { listTestsFor, readHealthHistory } from './health-history.ts'
import { foldResult, withoutChecks } from './health-levels.ts'

/** Nothing is checked for so long after a start or a load of fail2ban: its jails are not complete yet. */
const SETTLE_MS = 60_000

/** Runs the checks of a host, one run after the other. */
export interface HealthRuns {
  readonly findings: Findings
  /** Runs checks until fail2ban has something else to do. Returns those that were not reached. */
  run(checks: readonly HealthCheckId[], options: RunOptions): Promise<ReadonlySet<HealthCheckId>>
  /** Returns the checks to run now; none within a minute after a load. */
  listDue(): HealthCheckId[]
  isRunning(): boolean
  /** fail2ban loaded something within the last minute, by its log */
  isQuiet(): boolean
  /** the last result said so */
  isHostSettling(): boolean
  /** BanGUI has something to do with fail2ban */
  isBusy(): boolean
  /** checks that the host does not have */
  readonly missing: ReadonlySet<HealthCheckId>
}

export interface RunOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Creates the runs of a host; none begins by itself. */
export function createHealthRuns(deps: HealthDeps): HealthRuns {
  const { state, clock } = deps
  const oneRun = mutex()
  const ranAt = new Map<HealthCheckId, number>()
  const missing = new Set<HealthCheckId>()
  const findings = createFindings(deps, () => ranAt.size === healthChecks.length)
  /** when fail2ban loaded something last, by its log */
  let loadedAt: number | null = null
  /** what checks found before is outdated */
  let outdatedAt: number | null = null
  let isHostSettling = false
  let running = 0

  deps.events.listen((stored) => {
    const at = lastLoad(stored, clock())
    if (at === null) return
    loadedAt = Math.max(loadedAt ?? 0, at)
    outdatedAt = clock()
  })
  // a daemon that is down has nothing to settle
  const isQuiet = () =>
    !isHostSettling && loadedAt !== null && clock() - loadedAt < SETTLE_MS && state.get().serverStatus.online
  const isBusy = () => state.get().serverStatus.activity !== null

  const run = async (checks: readonly HealthCheckId[], { signal, onProgress }: RunOptions) => {
    const history = await readHealthHistory(deps, checks)
    const left = new Set(checks)
    const filterTests = await listTestsFor(deps, checks)
    const request = { checks: [...checks], history, ...(filterTests && { filterTests }) }
    for await (const result of deps.host.health.run(request, { signal })) {
      isHostSettling = result.settling
      if (isHostSettling) outdatedAt = clock()
      // fail2ban goes first
      if (isHostSettling || isBusy() || signal.aborted) return left
      left.delete(result.check)
      ranAt.set(result.check, clock())
      missing.delete(result.check)
      const { levels, changes } = foldResult(findings.levels(), withoutStopped(result, deps.jails.stopped))
      await findings.takeIn(levels, changes)
      onProgress?.(checks.length - left.size, checks.length)
    }
    if (!signal.aborted) await takeInMissing(left)
    return left
  }

  /** A check without a result is one that the host does not have. */
  const takeInMissing = async (without: ReadonlySet<HealthCheckId>) => {
    for (const id of without) ranAt.set(id, clock())
    for (const id of without) missing.add(id)
    const { levels, ended } = withoutChecks(findings.levels(), without)
    await findings.takeIn(levels, { began: [], seenAgain: [], ended })
  }

  return {
    findings,
    missing,
    isBusy,
    isQuiet,
    isRunning: () => running > 0,
    isHostSettling: () => isHostSettling,
    listDue() {
      if (isQuiet()) return []
      const suspects = findings.levels().suspects.values()
      const due = dueChecks({ ranAt, outdatedAt, suspects }, clock())
      // one check shows whether fail2ban has settled
      return isHostSettling ? due.slice(0, 1) : due
    },
    async run(checks, options) {
      running += 1
      try {
        return await oneRun(() => run(checks, options), options)
      } finally {
        running -= 1
      }
    },
  }
}

/** Returns a result without the jails that are missing because somebody stopped them through BanGUI. */
const withoutStopped = (
  result: HealthCheckResult,
  stopped: Pick<RememberedJails, 'has'>,
): HealthCheckResult =>
  result.check === 'jail-missing'
    ? { ...result, problems: result.problems.filter(({ jail }) => jail === null || !stopped.has(jail)) }
    : result

/** Returns when fail2ban loaded something last, by its log, in epoch milliseconds; null: these events are about nothing like that. */
function lastLoad(stored: readonly StoredEvent[], now: number): number | null {
  const times = stored.flatMap(({ event }) => {
    const isLoad =
      (event.type === 'jail.changed' && event.change !== 'stopped') ||
      (event.type === 'daemon.changed' && event.online)
    return isLoad ? [Math.min(event.at, now)] : []
  })
  return times.length === 0 ? null : Math.max(...times)
}
