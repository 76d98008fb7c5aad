import type { ExecutorLock } from '@bangui/db'
import type { Deps } from '../deps.ts'
import { geoJobs } from '../features/geo/geo-jobs.ts'
import type { JobDefinition } from './scheduler.ts'
import { timedUnbans } from './timed-unbans.ts'
import { historyJobs } from './history-retention.ts'

/** How often the counts are read while a page is open, in seconds. */
const LIVE_SECONDS = 2

/** Every job of this process. Each is idempotent. */
export function allJobs(deps: Deps, lock: ExecutorLock, onLockLost: () => void): JobDefinition[] {
  return [
    healthCheck(deps),
    liveCounts(deps),
    lockHeartbeat(deps, lock, onLockLost),
    sessionCleanup(deps),
    ...historyJobs(deps),
    timedUnbans(deps),
    ...geoJobs(deps),
  ]
}

const healthCheck = (deps: Deps): JobDefinition => ({
  name: 'health_check',
  everySeconds: deps.state.get().runtimeSettings.probeIntervalSeconds,
  deadline: 10_500,
  run: async () => {
    await deps.monitor.probe()
  },
})

/** Keeps the counts on screen fresh between two probes, while a page is open and the daemon is not busy. */
const liveCounts = (deps: Deps): JobDefinition => ({
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
  everySeconds: 10,
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
  },
})

/** Follows the setting of the probe's interval until the signal aborts. */
export async function followProbeInterval(
  deps: Pick<Deps, 'state' | 'scheduler' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let current: number | null = null
  for await (const { runtimeSettings } of deps.state.watch(signal)) {
    const intervalSeconds = runtimeSettings.probeIntervalSeconds
    if (intervalSeconds === current) continue
    current = intervalSeconds
    deps.scheduler.setInterval('health_check', intervalSeconds)
    deps.log.info({ event: 'health_check_scheduled', intervalSeconds }, 'the health check is scheduled')
  }
}
