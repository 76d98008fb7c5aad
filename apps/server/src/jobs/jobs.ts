import { HEARTBEAT_SECONDS, type ExecutorLock } from '@bangui/db'
import { LOCAL_HOST_KEY } from '@bangui/shared'
import { hostDepsOf, type Deps, type HostDeps } from '../deps.ts'
import { deleteOldDrafts } from '../features/config/draft.service.ts'
import { geoJobs } from '../features/geo/geo-jobs.ts'
import type { HostContext } from '../hosts/host-context.ts'
import { blocklistImports } from './blocklist-imports.ts'
import { ignoreExpiry } from './ignore-expiry.ts'
import type { JobDefinition } from './scheduler.ts'
import { maintenancePause } from './maintenance-pause.ts'
import { outsideChanges } from './outside-changes.ts'
import { protectionChecks } from './protection-checks.ts'
import { stateDays } from './state-days.ts'
import { timedUnbans } from './timed-unbans.ts'
import { eventReconcile, historyRetention } from './history-retention.ts'

/** How often the counts are read while a page is open, in seconds. */
const LIVE_SECONDS = 2

/** Every job of this process. Each is idempotent. */
export function allJobs(deps: Deps, lock: ExecutorLock, onLockLost: () => void): JobDefinition[] {
  const eachHost = (...creators: ((host: HostDeps) => JobDefinition)[]) =>
    deps.hosts.list().flatMap((host) => creators.map((create) => jobOf(host, create(hostDepsOf(deps, host)))))
  return [
    ...eachHost(healthCheck, liveCounts),
    lockHeartbeat(deps, lock, onLockLost),
    sessionCleanup(deps),
    ...eachHost(eventReconcile),
    historyRetention(deps),
    ...eachHost(
      timedUnbans,
      protectionChecks,
      maintenancePause,
      outsideChanges,
      ignoreExpiry,
      blocklistImports,
      stateDays,
    ),
    alerts(deps),
    ...geoJobs(deps),
  ]
}

const jobOf = ({ key }: HostContext, job: JobDefinition): JobDefinition => ({
  ...job,
  name: jobNameOf(job.name, key),
  host: key,
})

/** Returns the name of a host's job; the jobs of the local host have no prefix. */
export const jobNameOf = (name: string, hostKey: string): string =>
  hostKey === LOCAL_HOST_KEY ? name : `${hostKey}:${name}`

const healthCheck = (deps: HostDeps): JobDefinition => ({
  name: 'health_check',
  everySeconds: deps.state.get().runtimeSettings.probeIntervalSeconds,
  deadline: 10_500,
  run: async () => {
    await deps.monitor.probe()
  },
})

/** Keeps the counts on screen fresh between two probes, while a page is open and the daemon is not busy. */
const liveCounts = (deps: HostDeps): JobDefinition => ({
  name: 'live_counts',
  everySeconds: LIVE_SECONDS,
  deadline: 10_500,
  run: async () => {
    const { online, responding, activity } = deps.state.get().serverStatus
    if (deps.streams.isWatched && online && responding && !activity) await deps.monitor.probe()
  },
})

const lockHeartbeat = (deps: Deps, lock: ExecutorLock, onLockLost: () => void): JobDefinition => ({
  name: 'scheduler_lock_heartbeat',
  everySeconds: HEARTBEAT_SECONDS,
  deadline: 5_000,
  run: async () => {
    if (await lock.heartbeat(deps.clock())) return
    deps.log.error(
      { event: 'executor_lock_lost' },
      'another BanGUI took over this database: this one ends, so that never two run its jobs',
    )
    // this job itself is running
    void deps.scheduler.stop(0)
    onLockLost()
  },
})

const sessionCleanup = (deps: Deps): JobDefinition => ({
  name: 'session_cleanup',
  everySeconds: 3600,
  deadline: 20_000,
  run: async () => {
    await deps.sessions.deleteExpired()
    await deleteOldDrafts(deps)
  },
})

/** Looks at what only time changes: windows, reminders, digests, messages to be sent again. */
const alerts = (deps: Deps): JobDefinition => ({
  name: 'alerts',
  everySeconds: 5,
  deadline: 60_000,
  run: () => deps.alerts.look(),
})

/** Follows the setting of the probe's interval until the signal aborts. */
export async function followProbeInterval(
  deps: Pick<Deps, 'appState' | 'hosts' | 'scheduler' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let current: number | null = null
  for await (const { runtimeSettings } of deps.appState.watch(signal)) {
    const intervalSeconds = runtimeSettings.probeIntervalSeconds
    if (intervalSeconds === current) continue
    current = intervalSeconds
    for (const { key } of deps.hosts.list())
      deps.scheduler.setInterval(jobNameOf('health_check', key), intervalSeconds)
    deps.log.info({ event: 'health_check_scheduled', intervalSeconds }, 'the health check is scheduled')
  }
}
