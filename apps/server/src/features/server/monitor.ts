import { withTimeout } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { Activity, ServerStatus } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { MissingJails } from '../jails/missing-jails.ts'
import { onConnectionEvent } from './connection-events.ts'
import { createProbeIntake } from './probe-intake.ts'

/** How long a whole probe may take; the state stays as it was after that. */
const PROBE_TIMEOUT_MS = 10_000

/** Between two probes while something may be about to change. */
const CLOSE_INTERVAL_MS = 1_000
const OFFLINE_INTERVAL_MS = 2_000

/** How long {@link Monitor.probeOften} lasts. */
const CLOSE_MS = 60_000

/** Probes the daemon, puts the outcomes into the state, and so notices crashes. */
export interface Monitor {
  /** Probes now, or joins the probe under way. Never rejects. */
  probe(): Promise<ServerStatus>
  /** Shows what BanGUI asked the daemon to do while the work is under way: silence is no alarm then. */
  withActivity<TResult>(activity: Activity, work: () => Promise<TResult>): Promise<TResult>
  /** Probes once a second for a minute: after a load, a restart, a rollback. */
  probeOften(): void
  stop(): void
}

export interface MonitorOptions {
  readonly host: Pick<Fail2banHost, 'daemon'>
  readonly state: StateStore
  readonly log: Logger
  readonly clock: () => number
  /**
   * Returns whether the daemon was stopped at a time (epoch milliseconds) or later, and so did not crash @default not known
   */
  readonly hasStopped?: (since: number) => Promise<boolean>
  /** compares the jails after each probe @default they are not compared */
  readonly missingJails?: MissingJails
}

/** Monitors one daemon. A close of the connection causes a probe at once, whatever the interval. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { host, state, log, clock, hasStopped, missingJails } = options
  const activities: Activity[] = []
  const activity = () => activities.at(-1) ?? null
  const intake = createProbeIntake({ state, log, clock, activity, hasStopped, missingJails })
  let probing: Promise<ServerStatus> | null = null
  let isOutdated = false
  let closeUntil = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const probeOnce = async (): Promise<ServerStatus> => {
    const outcome = await withTimeout(() => host.daemon.probe(), {
      milliseconds: PROBE_TIMEOUT_MS,
      onTimeout: () => undefined,
    })
    if (!outcome) {
      log.warn(
        { event: 'health_check_backstop', seconds: PROBE_TIMEOUT_MS / 1000 },
        'the probe timed out; the state is unchanged',
      )
      return state.get().serverStatus
    }
    if (stopped) return state.get().serverStatus
    const { mayMissJails } = await intake.takeIn(outcome)
    void mayMissJails.then((mayMiss) => mayMiss && probeOften())
    const status = state.get().serverStatus
    logProbe(log, status)
    return status
  }

  const probe = (): Promise<ServerStatus> => {
    probing ??= probeOnce().finally(() => {
      probing = null
      if (!isOutdated) return scheduleNext()
      isOutdated = false
      void probe()
    })
    return probing
  }

  // more often than the job while something may be about to change
  const scheduleNext = () => {
    clearTimeout(timer)
    if (stopped) return
    const { online, responding } = state.get().serverStatus
    const isClose = performance.now() < closeUntil || (online && !responding)
    if (!isClose && online) return
    timer = setTimeout(() => void probe(), isClose ? CLOSE_INTERVAL_MS : OFFLINE_INTERVAL_MS).unref()
  }

  const probeOften = () => {
    closeUntil = performance.now() + CLOSE_MS
    scheduleNext()
  }

  const unsubscribe = onConnectionEvent(options, () => {
    // the probe under way may have asked before the event
    if (probing) isOutdated = true
    void probe()
  })

  const showActivity = () =>
    state.update((current) => ({
      ...current,
      serverStatus: { ...current.serverStatus, activity: activity() },
    }))

  return {
    probe,
    async withActivity(kind, work) {
      activities.push(kind)
      await showActivity()
      try {
        return await work()
      } finally {
        activities.splice(activities.lastIndexOf(kind), 1)
        intake.forgetSilence()
        await showActivity()
      }
    },
    probeOften,
    stop() {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

function logProbe(log: Logger, { online, version, activeJails, reason }: ServerStatus): void {
  log.debug(
    { event: 'health_check_complete', online, version, activeJails },
    reason === null ? 'health check complete' : `health check complete: ${reason}`,
  )
}
