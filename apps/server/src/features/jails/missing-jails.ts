import type { ProbeOutcome } from '@bangui/fail2ban'
import {
  CRASH_WINDOW_MS,
  runningJailsOf,
  type Jail,
  type LastActivation,
  type PendingRecovery,
} from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'
import type { StateStore } from '../../state/state-store.ts'
import { withFailedChange } from '../recovery/failed-change.ts'
import { missingOf, type JailList } from './jail-list.ts'

/** How long a jail must not run before it counts as missing: a starting daemon adds jails one by one. */
const MISSING_AFTER_MS = 3_000
/** How long a missing jail is kept back, so that jails that stopped together are reported together. */
const REPORT_TIMEOUT_MS = 9_000

/** Compares the jails after every load, whoever made it, and finds those that should run and do not. */
export interface MissingJails {
  /**
   * Compares the jails after a probe. Returns whether a jail does not run and may soon count as missing: the daemon is to
   * be probed often then. Never rejects.
   */
  compare(outcome: ProbeOutcome): Promise<boolean>
}

export interface MissingJailsOptions {
  readonly jails: JailList
  readonly state: StateStore
  readonly log: Logger
  readonly clock: () => number
}

/** Creates the {@link MissingJails} of one daemon. */
export function createMissingJails(options: MissingJailsOptions): MissingJails {
  const { jails, state, log, clock } = options
  let lastInstance: string | null = null
  let ranBefore: ReadonlySet<string> = new Set()
  const neverRan = new Set<string>()
  let loadSeen = false
  const awaySince = new Map<string, number>()

  const compareJails = async (outcome: Extract<ProbeOutcome, { ok: true }>) => {
    // a daemon starts every enabled jail; those that it did not start are found at the first comparison as well
    const { id } = outcome.instance
    if (lastInstance !== id) loadSeen = true
    lastInstance = id
    await jails.stopped.setInstance(id)
    await jails.idle.setInstance(id)
    const list = await jails.refresh()
    await resolveMissing(state, log, list)
    // for its own loads, BanGUI compares where it loads
    if (state.get().serverStatus.activity) return false
    for (const jail of list)
      if (jail.running && jails.stopped.has(jail.name)) await jails.stopped.remove(jail.name)
    const away = missingOf(list)
      .filter((name) => !jails.stopped.has(name))
      .filter((name) => loadSeen || ranBefore.has(name) || awaySince.has(name))
    if (loadSeen) for (const name of away) neverRan.add(name)
    loadSeen = false
    ranBefore = new Set(runningJailsOf(list))
    for (const name of ranBefore) neverRan.delete(name)
    const missing = remember(awaySince, away, clock())
    const isSuspicious = awaySince.size > 0
    if (missing.length > 0) await report(missing)
    return isSuspicious
  }

  const report = async (missing: string[]) => {
    for (const name of missing) awaySince.delete(name)
    log.warn({ event: 'jails_missing', jails: missing }, 'jails that should be running are not running')
    await state.update((current) =>
      withFailedChange(
        current,
        missingRecord(missing, { activation: current.lastActivation, neverRan, now: clock() }),
      ),
    )
  }

  return {
    async compare(outcome) {
      try {
        if (outcome.ok) return await compareJails(outcome)
        if (outcome.reason !== 'timeout') await jails.refresh()
      } catch (error) {
        log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
      }
      return false
    },
  }
}

/** Stores since when each jail does not run. Returns the jails that count as missing: those that stopped together, together. */
function remember(awaySince: Map<string, number>, away: readonly string[], now: number): string[] {
  for (const name of awaySince.keys()) if (!away.includes(name)) awaySince.delete(name)
  // a clock that stepped back starts the wait anew
  for (const name of away) if ((awaySince.get(name) ?? Infinity) > now) awaySince.set(name, now)
  const times = away.map((name) => now - (awaySince.get(name) ?? now))
  if (Math.min(...times) < MISSING_AFTER_MS && Math.max(...times) < REPORT_TIMEOUT_MS) return []
  return away.filter((_name, index) => (times[index] ?? 0) >= MISSING_AFTER_MS)
}

interface Circumstances {
  readonly activation: LastActivation | null
  /** jails that did not run at the first comparison after a start or a load */
  readonly neverRan: ReadonlySet<string>
  readonly now: number
}

/**
 * Returns the record for missing jails; the last change is only blamed inside its window. If no change is known and
 * some jails were missing from the beginning, the record names no jail.
 */
function missingRecord(
  missingJails: string[],
  { activation, neverRan, now }: Circumstances,
): Omit<PendingRecovery, 'recovered'> {
  const isFromBeginning = missingJails.some((name) => neverRan.has(name))
  const blamed = activation && now - activation.at <= CRASH_WINDOW_MS ? activation : null
  return {
    jailName: blamed?.jailName ?? (isFromBeginning ? null : (missingJails[0] ?? null)),
    activatedAt: blamed?.at ?? now,
    detectedAt: now,
    cause: 'jails_missing',
    missingJails,
    changeId: blamed?.changeId ?? null,
  }
}

/** A record of missing jails resolves when each of them runs, or is no longer meant to. */
async function resolveMissing(state: StateStore, log: Logger, list: readonly Jail[]): Promise<void> {
  const pending = state.get().pendingRecovery
  if (!pending || pending.recovered || pending.missingJails.length === 0) return
  const missing = missingOf(list)
  if (pending.missingJails.some((name) => missing.includes(name))) return
  await state.update((current) =>
    current.pendingRecovery === pending
      ? { ...current, pendingRecovery: { ...pending, recovered: true } }
      : current,
  )
  log.info({ event: 'pending_recovery_resolved', jail: pending.jailName }, 'the pending recovery is resolved')
}
