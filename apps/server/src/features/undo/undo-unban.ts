import type { Pair } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { errorText, MANUAL_JAIL, PERMANENT, UndoableBan, type Ban, type UndoResult } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { partOf } from '../operations/part-of.ts'
import { type BanDeps, isLonger, manualBantime } from '../bans/plan-ban.ts'
import { runBan } from '../bans/ban-batcher.ts'
import { findBansOfLog, pairOf } from './bans-of-log.ts'

/**
 * Restores the bans that an unban ended, once: each as it was, until its old end, and without counting as another ban. Bans
 * that somebody has made since are left alone. `items`: what keepUnbannedItems kept.
 * @throws AppError undo_none, ban_interrupted
 */
export async function undoUnban(
  deps: BanDeps,
  { items, operation }: { readonly items: readonly unknown[]; readonly operation: OperationHandle },
): Promise<UndoResult> {
  const bans = UndoableBan.array().parse(items)
  if (bans.length === 0) throw new AppError('undo_none')
  const now = deps.clock()
  const due = bans.filter(({ until }) => until === null || until > now)
  const active = await findAnew(deps, due)
  const wanted = due.filter((ban) => !active.has(pairOf(ban)))
  const result: UndoResult = {
    restored: 0,
    over: bans.length - due.length,
    already: due.length - wanted.length,
    refused: [],
    shortened: [],
  }
  const restored: Pair[] = []
  let done = bans.length - wanted.length
  operation.progress(done, bans.length)
  for (const group of Map.groupBy(wanted, keyOf).values()) {
    await putBackOrRefuse(deps, group, { active, result, restored, operation: partOf(operation, done) })
    done += group.length
    operation.progress(done)
  }
  // only once the log has shown them they are the old bans again
  await findBansOfLog(deps, restored, (_, ban) => ban !== undefined)
  return result
}

const keyOf = ({ jail, by, reason }: UndoableBan) => JSON.stringify([jail, by, reason])

/** Returns the bans that somebody made again, also those in the manual jail, by pair, once the log has shown the ends of the old ones. */
async function findAnew(deps: BanDeps, bans: readonly UndoableBan[]): Promise<ReadonlySet<string>> {
  const ids = new Set(bans.map(({ id }) => id))
  const isOld = (ban: Ban | undefined) => ban !== undefined && ids.has(ban.id)
  const inManualJail = bans.map(({ address }) => ({ jail: MANUAL_JAIL, address }))
  const active = await findBansOfLog(deps, [...bans, ...inManualJail], (_, ban) => !isOld(ban))
  return new Set([...active].flatMap(([pair, ban]) => (isOld(ban) ? [] : [pair])))
}

interface UndoRun {
  /** pairs that are banned */
  readonly active: ReadonlySet<string>
  readonly result: UndoResult
  /** the bans that were made again */
  readonly restored: Pair[]
  readonly operation: OperationHandle
}

/** The bans of a jail that does not run are refused; those of other jails are restored. */
async function putBackOrRefuse(deps: BanDeps, bans: readonly UndoableBan[], run: UndoRun): Promise<void> {
  try {
    await putBack(deps, bans, run)
  } catch (error) {
    if (!isHostError(error, 'jail_unknown')) throw error
    const message = errorText('jail_not_running', { name: error.params.jailName })
    run.result.refused.push(...bans.map(({ address }) => ({ address, reason: 'unknown' as const, message })))
  }
}

/** Restores bans. A ban that is longer than its jail bans for goes to the jail for manual bans. */
async function putBack(deps: BanDeps, bans: readonly UndoableBan[], run: UndoRun): Promise<void> {
  const [first] = bans
  if (!first) return
  const bantime = (await deps.host.jails.getTuning(first.jail)).bantime ?? PERMANENT
  const isTooLong = ({ until }: UndoableBan, than: number) => isLonger(secondsUntil(deps, until), than)
  const long = bans.filter((ban) => isTooLong(ban, bantime))
  const manual = long.length > 0 && first.jail !== MANUAL_JAIL ? await manualBantime(deps) : null
  const isMoved = (ban: UndoableBan) =>
    manual !== null &&
    isTooLong(ban, bantime) &&
    !isTooLong(ban, manual) &&
    !run.active.has(pairOf({ jail: MANUAL_JAIL, address: ban.address }))
  const [moved, stay] = [bans.filter(isMoved), bans.filter((ban) => !isMoved(ban))]
  await banIn(deps, { jail: first.jail, bantime, bans: stay }, run)
  await banIn(
    deps,
    { jail: MANUAL_JAIL, bantime: manual ?? PERMANENT, bans: moved },
    { ...run, operation: partOf(run.operation, stay.length) },
  )
}

const secondsUntil = ({ clock }: BanDeps, until: number | null) =>
  until === null ? PERMANENT : (until - clock()) / 1000

interface BansOfJail {
  readonly jail: string
  /** seconds, -1 is permanent */
  readonly bantime: number
  /** by the same, for the same reason */
  readonly bans: readonly UndoableBan[]
}

async function banIn(
  deps: BanDeps,
  { jail, bantime, bans }: BansOfJail,
  { result, restored, operation }: UndoRun,
): Promise<void> {
  const [first] = bans
  if (!first) return
  // fail2ban counts from now
  const last = bantime === PERMANENT ? null : deps.clock() + bantime * 1000
  const endOf = ({ until }: UndoableBan) => (last !== null && (until === null || until > last) ? last : until)
  const request = {
    jail,
    bans: bans.map((ban) => ({
      address: ban.address,
      until: endOf(ban) === last ? null : endOf(ban),
      restores: ban.id ?? undefined,
    })),
    by: first.by,
    reason: first.reason,
    operation: operation.id,
  }
  const done = await runBan(deps, request, operation)
  const refused = new Set(done.refused.map(({ address }) => address))
  const back = bans.filter(({ address }) => !refused.has(address))
  result.restored += done.banned
  result.already += done.already
  result.refused.push(...done.refused)
  for (const ban of back) {
    if (endOf(ban) !== ban.until) result.shortened.push({ address: ban.address, jail, until: endOf(ban) })
    if (jail !== ban.jail)
      (result.moved ??= []).push({ address: ban.address, from: ban.jail, jail, until: endOf(ban) })
  }
  restored.push(...back.map(({ address }) => ({ jail, address })))
}
