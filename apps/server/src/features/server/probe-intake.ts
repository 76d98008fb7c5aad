import { capabilitiesOf, type DaemonInstance, type ProbeOutcome } from '@bangui/fail2ban'
import { applyProbe, unknownStatus, type Activity, type ServerStatus } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { MissingJails } from '../jails/missing-jails.ts'
import { confirmActivation, firstTransition } from './first-transition.ts'
import { logTransition } from './log-transition.ts'
import { statusFromOutcome } from './status-from-outcome.ts'

/** The one place that takes the outcome of a probe in: the state, a crash, missing jails. Nothing here probes again. */
export interface ProbeIntake {
  /** Resolves when the state has the outcome; the jails are compared after that. */
  takeIn(outcome: ProbeOutcome): Promise<TakenIn>
  /** The silence up to now does not count: BanGUI's own work caused it. */
  forgetSilence(): void
}

export interface TakenIn {
  /** resolves after the comparison: whether a jail may soon count as missing, so that the daemon is to be probed often */
  readonly mayMissJails: Promise<boolean>
}

export interface ProbeIntakeOptions {
  readonly state: StateStore
  readonly log: Logger
  readonly clock: () => number
  /** what BanGUI itself asked for and is under way */
  readonly activity: () => Activity | null
  /** see MonitorOptions */
  readonly hasStopped?: ((since: number) => Promise<boolean>) | undefined
  /** see MonitorOptions */
  readonly missingJails?: MissingJails | undefined
}

/** Creates the intake of one daemon. */
export function createProbeIntake(options: ProbeIntakeOptions): ProbeIntake {
  const { state, log, clock, activity } = options
  let silentSince: number | null = null

  // a supervisor that restarts a crashed daemon within milliseconds: offline, then online
  const wasReplaced = (outcome: ProbeOutcome) => {
    const { daemonInstance } = state.get()
    return (
      outcome.ok &&
      daemonInstance !== null &&
      outcome.instance.id !== daemonInstance.id &&
      activity() !== 'starting' &&
      activity() !== 'stopping'
    )
  }

  // a stop by somebody else is no crash either; BanGUI forgets the activation itself before its own stops
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

  const apply = (status: ServerStatus, found: Found) => {
    const before = state.get()
    const saving = state.update((current) =>
      withConsequences(transition(current, status, found.now), current, found),
    )
    saving.catch((error: unknown) =>
      log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved'),
    )
    logTransition(log, before, state.get())
  }

  return {
    async takeIn(outcome) {
      await forgetIfStopped(outcome)
      const now = clock()
      const previous = state.get().serverStatus
      const seen = statusFromOutcome(outcome, { previous, activity: activity(), silentSince, now })
      silentSince = seen.silentSince
      if (wasReplaced(outcome)) apply({ ...unknownStatus, reason: 'refused', checkedAt: now }, { now })
      apply(seen.status, { now, ...(outcome.ok && { instance: outcome.instance }) })
      return { mayMissJails: options.missingJails?.compare(outcome) ?? Promise.resolve(false) }
    },
    forgetSilence() {
      silentSince = null
    },
  }
}

/** The first probe is compared with what was known before BanGUI's own restart, every later one with the one before. */
const transition = (current: RuntimeState, status: ServerStatus, now: number): RuntimeState =>
  current.serverStatus.checkedAt === null
    ? firstTransition(current, status, now)
    : applyProbe(current, status, now)

interface Found {
  /** when the daemon was probed */
  readonly now: number
  /** which daemon answered, if any did */
  readonly instance?: DaemonInstance
}

function withConsequences(next: RuntimeState, before: RuntimeState, { now, instance }: Found): RuntimeState {
  const { online, version } = next.serverStatus
  if (!online) return { ...next, daemonCapabilities: null, onlineSince: null, daemonInstance: null }
  return confirmActivation(
    {
      ...next,
      daemonCapabilities: version === null ? null : (before.daemonCapabilities ?? capabilitiesOf(version)),
      onlineSince: before.onlineSince ?? now,
      daemonInstance: instance ?? before.daemonInstance,
    },
    now,
  )
}
