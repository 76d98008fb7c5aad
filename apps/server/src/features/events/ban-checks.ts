import { sleep } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import type { HostEvent } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { ABSENCE_MS, correctJail, type CorrectDeps } from './correct-jail.ts'
import { createDueJails, type DueJail, type DueJails } from './due-jails.ts'
import type { ReconcileBackoff } from './reconcile-backoff.ts'
import { listFromDaemon, listFromDatabase, MANY_BANS, pauseAfterList } from './list-jail.ts'
import { createOverdueJails } from './overdue-jails.ts'
import { pollIntervalMs } from './poll-interval.ts'
import { findDifferences } from './reconcile.ts'
import { noteCorrected } from './watching.ts'

/** How often due lists are read. */
const TICK_MS = 500
/** fail2ban logs no repeat of a ban within three seconds: a list after these, in milliseconds, has it. */
const SILENT_REPEAT_MS = 3_500
/** A jail that starts restores its bans bit by bit, in milliseconds. */
const RESTORING_MS = [1_500, 4_000] as const
/** A jail that starts again within this time was restarted: its bans did not end. */
const RESTART_MS = 1_500
/** Milliseconds after the last event of the log in which a stopped jail may still have to be settled. */
const AFTER_EVENTS_MS = 10_000
const UNAVAILABLE_MS = 2_000

export type CheckDeps = CorrectDeps & Pick<HostDeps, 'bantimes'>

export interface CheckOptions {
  readonly signal: AbortSignal
  /** whether fail2ban's log is read up to now: before that nothing is put right */
  readonly isLogRead: () => boolean
  /** whether the daemon may still be restoring its bans: until it has them, only ends are put right */
  readonly isRestoring: () => boolean
  readonly backoff: ReconcileBackoff
  /** whether anybody watches BanGUI now */
  readonly isWatched: () => boolean
}

/**
 * Keeps the active bans, with their beginnings and ends, equal to those of the daemon: asks for a jail's list when
 * something happened that may have changed it, and polls what the log does not contain.
 */
export interface BanChecks {
  /** Takes in the events of the log. */
  noticed(events: readonly HostEvent[]): void
  /** The bans of a jail may have changed. */
  need(jail: string): void
  /** Goes on until the signal aborts. */
  run(): Promise<void>
}

/** Creates {@link BanChecks}; nothing is read before {@link BanChecks.run}. */
export function createBanChecks(deps: CheckDeps, options: CheckOptions): BanChecks {
  const { signal, isRestoring } = options
  const due = createDueJails()
  const putOff = createDueJails()
  const poll = createPoll(deps, { due, backoff: options.backoff })
  let polledAt = Number.NEGATIVE_INFINITY
  let noticedAt = performance.now()

  /** Resumes postponed jails when the daemon has restored its bans. */
  const takeUp = () => {
    for (let next = putOff.take(); next; next = putOff.take()) {
      due.add(next.jail, { reason: next.reason })
      polledAt = Number.NEGATIVE_INFINITY
    }
  }

  const tick = async () => {
    if (!isReady(deps, options)) return
    if (!isRestoring()) takeUp()
    const now = performance.now()
    const isPollDue = now - polledAt >= pollIntervalMs(options.isWatched(), deps.state.get().watching.events)
    // only what the log reports suspends bans
    if (!isRestoring() && (isPollDue || now - noticedAt < AFTER_EVENTS_MS)) await endStopped(deps)
    if (isPollDue) {
      polledAt = now
      await poll.look(isRestoring())
    }
    while (isReady(deps, options)) {
      const next = due.take()
      if (!next) return
      await check(next)
    }
  }

  const check = async ({ jail, reason }: DueJail) => {
    const wasRestoring = isRestoring()
    if (wasRestoring && poll.hasMany(jail)) return putOff.add(jail, { reason })
    const list = await listDue(deps, { jail, reason, count: poll.countOf(jail), due })
    if (!list || signal.aborted) return
    const onlyEnds = wasRestoring || isRestoring() || !isReady(deps, options)
    if (onlyEnds) putOff.add(jail, { reason })
    const { corrected, unsure } = await correctJail(deps, jail, { list, reason: 'unknown', onlyEnds })
    if (unsure > 0) due.add(jail, { after: ABSENCE_MS })
    if (!onlyEnds) poll.checked(jail, corrected + unsure > 0)
  }

  return {
    noticed: (events) => {
      noticedAt = performance.now()
      for (const event of events) {
        notice(event, due)
        if (event.type === 'bantime') polledAt = Number.NEGATIVE_INFINITY
      }
    },
    need: (jail) => due.add(jail),
    async run() {
      while (!signal.aborted) {
        await tick().catch((error: unknown) => {
          if (signal.aborted || isHostError(error, 'daemon_unavailable')) return
          deps.log.warn({ event: 'reconcile_failed', err: error }, 'the bans could not be compared')
        })
        await sleep(TICK_MS, { signal }).catch(() => undefined)
      }
    },
  }
}

function isReady({ state }: CheckDeps, { signal, isLogRead }: CheckOptions): boolean {
  const { online, responding, activity } = state.get().serverStatus
  return !signal.aborted && online && responding && activity === null && isLogRead()
}

/** Marks jails as due after events that may have changed their list in another way than the event says. */
function notice(event: HostEvent, due: DueJails): void {
  if (event.type === 'repeated') due.add(event.jail)
  else if (event.type === 'ban' && event.restored)
    due.add(event.jail, { after: RESTORING_MS[0], reason: 'restored' })
  else if (event.type === 'ban') due.add(event.jail, { after: SILENT_REPEAT_MS, reason: 'new' })
  else if (event.type === 'jail' && event.change !== 'stopped')
    for (const after of RESTORING_MS) due.add(event.jail, { after, reason: 'restored' })
}

/** Emits the ends of bans whose jail has stopped and has not started again. */
async function endStopped(deps: CheckDeps): Promise<void> {
  const before = deps.clock() - RESTART_MS
  const events = await deps.archive.endSuspended({ by: 'jail', before, lostAt: null })
  if (events.length === 0) return
  deps.events.emit(events)
  await noteCorrected(deps)
}

interface DueList {
  readonly jail: string
  readonly reason: 'new' | 'restored' | 'changed'
  readonly count: number
  readonly due: DueJails
}

/** Of many bans the daemon is asked for the list only where nothing else can have it. */
async function listDue(deps: CheckDeps, { jail, reason, count, due }: DueList) {
  if (count > MANY_BANS && reason === 'new') return undefined
  if (count > MANY_BANS && reason === 'restored') {
    const list = await listFromDatabase(deps, jail, count)
    if (list) return { ...list, areEndsKnown: true }
  }
  const began = performance.now()
  try {
    return await listFromDaemon(deps, jail)
  } catch (error) {
    due.add(jail, { after: UNAVAILABLE_MS })
    throw error
  } finally {
    due.postpone(jail, pauseAfterList(performance.now() - began, count))
  }
}

/** Polls what the log does not contain: bantimes, numbers of bans, and expired bans. */
function createPoll(
  deps: CheckDeps,
  { due, backoff }: { readonly due: DueJails; readonly backoff: ReconcileBackoff },
) {
  const overdue = createOverdueJails()
  const differing = new Map<string, number>()
  let found: Awaited<ReturnType<typeof findDifferences>> = { counts: new Map(), differences: new Map() }
  let isFirst = true
  return {
    async look(isRestoring: boolean) {
      const reason = isFirst ? 'new' : 'changed'
      isFirst = false
      for (const jail of await deps.bantimes.refresh()) due.add(jail, { reason })
      found = await findDifferences(deps)
      if (isRestoring) return
      for (const jail of backoff.due(found.differences, deps.clock())) {
        differing.set(jail, found.differences.get(jail) ?? 0)
        due.add(jail)
      }
      for (const jail of overdue.due(await deps.archive.listOverdueJails(deps.clock() - UNAVAILABLE_MS)))
        due.add(jail)
    },
    countOf: (jail: string) => found.counts.get(jail) ?? 0,
    /** The daemon has many bans of a jail, or may be restoring many. */
    hasMany(jail: string) {
      const count = found.counts.get(jail) ?? 0
      const known = count - (found.differences.get(jail) ?? 0)
      return Math.max(count, known) > MANY_BANS
    },
    checked(jail: string, hasChanged: boolean) {
      const difference = differing.get(jail)
      differing.delete(jail)
      if (difference !== undefined && !hasChanged) backoff.add(jail, difference, deps.clock())
    },
  }
}
