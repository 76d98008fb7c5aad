import { sleep } from '@bangui/async'
import { LATE_LINE_MS } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import type { EndReason, StoredEvent } from '@bangui/shared'
import { ABSENCE_MS, correctJail, type CorrectDeps } from './correct-jail.ts'
import type { Differences, ReconcileBackoff } from './reconcile-backoff.ts'
import { importHistory } from './import-history.ts'
import { listJail } from './list-jail.ts'

export type ReconcileDeps = CorrectDeps

export interface ReconcileOptions {
  /** the end reason of bans that the daemon does not have any more @default 'unknown' */
  readonly reason?: EndReason
  readonly signal?: AbortSignal
  /** takes in what fail2ban's database has @default importHistory */
  readonly importNew?: () => Promise<unknown>
  /** asked right before anything is put right @default always */
  readonly mayCorrect?: () => boolean
  /** called with the events of each correction, as soon as they are emitted */
  readonly onCorrected?: (events: readonly StoredEvent[]) => Promise<void>
  /** the jails that need not be corrected again so soon @default none */
  readonly backoff?: ReconcileBackoff
}

/**
 * The safety net: imports what fail2ban's database has and the log did not contain, and compares the active bans with
 * the daemon's counts. Where these differ, the daemon is asked for its list, or, for many bans, its database is used
 * if it agrees with the count.
 */
export async function reconcile(deps: ReconcileDeps, options: ReconcileOptions = {}): Promise<void> {
  const begun = deps.clock()
  await (options.importNew?.() ?? importHistory(deps, options.signal))
  const { online, activity } = deps.state.get().serverStatus
  // while BanGUI itself makes the daemon work, its counts say nothing
  if (!online || activity || !mayCorrect(options)) return
  try {
    const { unsure } = await correctJails(deps, options)
    if (unsure > 0) {
      await sleep(ABSENCE_MS, options)
      await correctJails(deps, options)
    }
    if (mayCorrect(options)) await deps.archive.settlePendingActions(begun - LATE_LINE_MS)
  } catch (error) {
    if (!isHostError(error, 'daemon_unavailable') && !options.signal?.aborted) throw error
  }
}

const mayCorrect = ({ signal, mayCorrect: may }: ReconcileOptions) => !signal?.aborted && may?.() !== false

async function correctJails(deps: ReconcileDeps, options: ReconcileOptions): Promise<{ unsure: number }> {
  const { reason = 'unknown', onCorrected, backoff } = options
  const { counts, differences } = await findDifferences(deps)
  const jails = backoff?.due(differences, deps.clock()) ?? [...differences.keys()]
  const total = { unsure: 0 }
  for (const jail of jails) {
    const list = await listJail(deps, jail, counts.get(jail))
    // a daemon that went offline since has lost the missing bans
    if (!mayCorrect(options)) return total
    const { events, corrected, unsure } = await correctJail(deps, jail, { list, reason })
    if (corrected + unsure === 0) backoff?.add(jail, differences.get(jail) ?? 0, list.asOf)
    total.unsure += unsure
    await onCorrected?.(events)
  }
  return total
}

/** Returns how many bans each jail has, and of those where BanGUI has others, how many more the daemon has. */
export async function findDifferences({ host, archive }: Pick<ReconcileDeps, 'host' | 'archive'>): Promise<{
  readonly counts: ReadonlyMap<string, number>
  readonly differences: Differences
}> {
  const [listed, known] = await Promise.all([host.bans.count(), archive.countActive()])
  const counts = new Map(listed)
  const names = [...new Set([...counts.keys(), ...known.keys()])]
  const differences = names
    .map((name) => [name, (counts.get(name) ?? 0) - (known.get(name) ?? 0)] as const)
    .filter(([, difference]) => difference !== 0)
  return { counts, differences: new Map(differences) }
}
