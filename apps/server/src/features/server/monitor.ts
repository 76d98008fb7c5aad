import { withTimeout } from '@bangui/async'
import { capabilitiesOf, type Fail2banHost, type ProbeAnswer, type ProbeOutcome } from '@bangui/fail2ban'
import { applyProbe, unknownStatus, type Activity, type ServerStatus } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import type { StateStore } from '../../state/state-store.ts'
import { confirmActivation, firstTransition } from './first-transition.ts'
import { logTransition } from './log-transition.ts'
import { statusFromOutcome } from './status-from-outcome.ts'

/** How long a whole probe may take; the state stays as it was after that. */
const PROBE_TIMEOUT_MS = 10_000

/** Watches the daemon: probes it, takes what it finds into the state, and notices crashes. */
export interface Monitor {
  /** One probe now, or the one under way. Never rejects. */
  probe(): Promise<ServerStatus>
  /** Shows what BanGUI asked the daemon to do while it is under way: silence is no alarm then. */
  during<TResult>(activity: Activity, work: () => Promise<TResult>): Promise<TResult>
  /** Probes once a second for a minute: after a load, a restart, a rollback. */
  watchClosely(): void
  stop(): void
}

export interface MonitorOptions {
  readonly host: Pick<Fail2banHost, 'probe' | 'onConnectionEvent'>
  readonly state: StateStore
  readonly log: Logger
  readonly clock: () => number
  /**
   * Whether the daemon was stopped at a time (epoch milliseconds) or later, and so did not crash @default nobody knows
   */
  readonly hasStopped?: (since: number) => Promise<boolean>
  /** called after each probe that was taken in, with what it found */
  readonly onProbed?: (outcome: ProbeOutcome) => void
}

/** Watches one daemon. A close of the connection causes a probe at once, whatever the interval. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { host, state, log, clock } = options
  const activities: Activity[] = []
  let probing: Promise<ServerStatus> | null = null
  let again = false
  let silentSince: number | null = null
  let identity: string | null = null
  let closeUntil = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const activity = () => activities.at(-1) ?? null

  const takeIn = (outcome: ProbeOutcome) => {
    const now = clock()
    const seen = statusFromOutcome(outcome, {
      previous: state.get().serverStatus,
      activity: activity(),
      silentSince,
      now,
    })
    silentSince = seen.silentSince
    if (wasReplaced(outcome)) apply({ ...unknownStatus, reason: 'refused', checkedAt: now }, { now })
    if (outcome.ok) identity = outcome.identity
    if (!seen.status.online) identity = null
    apply(seen.status, { now, ...(outcome.ok && { answer: outcome }) })
  }

  // a stop by somebody else is no crash either: see the deliberate stops of BanGUI
  const forgetIfStopped = async (outcome: ProbeOutcome) => {
    const { lastActivation, activationConfirmed, serverStatus, onlineBefore } = state.get()
    const wasOnline = serverStatus.checkedAt === null ? onlineBefore : serverStatus.online
    const isEnd = wasReplaced(outcome) || (!outcome.ok && !outcome.connected && wasOnline)
    if (!lastActivation || activationConfirmed || !isEnd) return
    if (!(await options.hasStopped?.(lastActivation.at))) return
    await state.update((current) =>
      current.lastActivation === lastActivation
        ? { ...current, lastActivation: null, activationConfirmed: false }
        : current,
    )
  }

  // a supervisor that restarts a crashed daemon within milliseconds: offline, then online
  const wasReplaced = (outcome: ProbeOutcome) =>
    outcome.ok &&
    identity !== null &&
    outcome.identity !== identity &&
    activity() !== 'starting' &&
    activity() !== 'stopping'

  const apply = (status: ServerStatus, look: Look) => {
    const before = state.get()
    const saving = state.update((current) =>
      withConsequences(transition(current, status, look.now), current, look),
    )
    saving.catch((error: unknown) =>
      log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved'),
    )
    logTransition(log, before, state.get())
  }

  const look = async (): Promise<ServerStatus> => {
    const outcome = await withTimeout(() => host.probe(), {
      milliseconds: PROBE_TIMEOUT_MS,
      onTimeout: () => undefined,
    })
    if (!outcome) {
      log.warn(
        { event: 'health_check_backstop', seconds: PROBE_TIMEOUT_MS / 1000 },
        'the probe took too long; the state stays as it was',
      )
      return state.get().serverStatus
    }
    if (stopped) return state.get().serverStatus
    await forgetIfStopped(outcome)
    takeIn(outcome)
    const { online, version, activeJails, reason } = state.get().serverStatus
    log.debug(
      { event: 'health_check_complete', online, version, activeJails },
      reason === null ? 'health check complete' : `health check complete: ${reason}`,
    )
    options.onProbed?.(outcome)
    return state.get().serverStatus
  }

  const probe = (): Promise<ServerStatus> => {
    probing ??= look().finally(() => {
      probing = null
      if (again) {
        again = false
        void probe()
        return
      }
      scheduleNext()
    })
    return probing
  }

  // faster than the job's interval while something may be about to change
  const scheduleNext = () => {
    clearTimeout(timer)
    if (stopped) return
    const { serverStatus } = state.get()
    const hurry = performance.now() < closeUntil || (serverStatus.online && !serverStatus.responding)
    if (hurry || !serverStatus.online) timer = setTimeout(() => void probe(), hurry ? 1_000 : 2_000).unref()
  }

  const unsubscribe = host.onConnectionEvent(() => {
    if (probing) again = true
    void probe()
  })

  const showActivity = () =>
    state.update((current) => ({
      ...current,
      serverStatus: { ...current.serverStatus, activity: activity() },
    }))

  return {
    probe,
    async during(kind, work) {
      activities.push(kind)
      await showActivity()
      try {
        return await work()
      } finally {
        activities.splice(activities.lastIndexOf(kind), 1)
        silentSince = null
        await showActivity()
      }
    },
    watchClosely() {
      closeUntil = performance.now() + 60_000
      scheduleNext()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

/** The first probe is compared with what was known before BanGUI's own restart, every later one with the one before. */
const transition = (current: RuntimeState, status: ServerStatus, now: number): RuntimeState =>
  current.serverStatus.checkedAt === null
    ? firstTransition(current, status, now)
    : applyProbe(current, status, now)

/** When the daemon was looked at, and what it answered, if it did. */
interface Look {
  readonly now: number
  readonly answer?: Pick<ProbeAnswer, 'identity' | 'pid'>
}

function withConsequences(next: RuntimeState, before: RuntimeState, { now, answer }: Look): RuntimeState {
  const { online, version } = next.serverStatus
  if (!online)
    return { ...next, daemonCapabilities: null, onlineSince: null, daemonPid: null, daemonIdentity: null }
  return confirmActivation(
    {
      ...next,
      daemonCapabilities: version === null ? null : (before.daemonCapabilities ?? capabilitiesOf(version)),
      onlineSince: before.onlineSince ?? now,
      daemonPid: answer ? answer.pid : before.daemonPid,
      daemonIdentity: answer ? answer.identity : before.daemonIdentity,
    },
    now,
  )
}
