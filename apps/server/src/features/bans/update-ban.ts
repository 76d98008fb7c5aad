import { findArmedTimers, type BanEnd } from '@bangui/db'
import { MANUAL_JAIL, PERMANENT, type Ban, type UpdateBanInput, type UpdateBanResult } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { runBan } from './ban-batcher.ts'
import { findBanned } from './bans.service.ts'
import type { BannedItem } from './keep-before-change.ts'
import { isLonger, manualBantime, type BanDeps } from './plan-ban.ts'

/** Returns a title such as "Changing the ban of 45.1.1.1 in sshd". */
export const titleOfUpdate = ({ address, jail }: Pick<Ban, 'address' | 'jail'>): string =>
  `Changing the ban of ${address} in ${jail}`

interface Change {
  readonly userName: string
  readonly operation: OperationHandle
}

/**
 * Changes the end of a ban in force, or what is noted about it. An end before its own is brought by BanGUI; a later one is a
 * second ban of the address in the jail for manual bans.
 * @throws AppError ban_over, ban_end_past, manual_jail_missing, ban_interrupted
 */
export async function updateBan(
  deps: BanDeps,
  { jail, address, until, reason }: UpdateBanInput,
  change: Change,
): Promise<UpdateBanResult> {
  const { clock } = deps
  if (typeof until === 'number' && until <= clock()) throw new AppError('ban_end_past')
  const [ban, manual] = await findBoth(deps, jail, address)
  if (!ban) throw new AppError('ban_over', { address, jail })
  const bans = manual ? [ban, manual] : [ban]
  const result = until === undefined ? {} : await setEnd(deps, { bans, until, reason }, change)
  if (reason !== undefined) await setReason(deps, bans, { ...change, reason: reason || null })
  return {
    until: until === undefined ? latestOf(bans) : until,
    isExtended: manual !== undefined || result.isExtended === true,
    ...(result.note !== undefined && { note: result.note }),
  }
}

/** Returns the ban of a pair, and the one that makes it last longer. */
async function findBoth(deps: BanDeps, jail: string, address: string): Promise<(Ban | undefined)[]> {
  const jails = jail === MANUAL_JAIL ? [jail] : [jail, MANUAL_JAIL]
  return Promise.all(jails.map(async (name) => (await findBanned(deps, name, [address])).get(address)))
}

const latestOf = (bans: readonly Ban[]): number | null =>
  bans.some(({ until }) => until === null) ? null : Math.max(...bans.map(({ until }) => until ?? 0))

/** Whether a ban lasts longer than to a time; null is for ever. */
const endsAfter = ({ until }: Ban, time: number | null): boolean =>
  time !== null && (until === null || until > time)

interface WantedEnd {
  readonly bans: readonly Ban[]
  readonly until: number | null
  readonly reason: string | undefined
}

async function setEnd(
  deps: BanDeps,
  { bans, until, reason }: WantedEnd,
  { userName, operation }: Change,
): Promise<{ isExtended?: boolean; note?: string }> {
  const manual = bans.find(({ jail }) => jail === MANUAL_JAIL)
  const isEnough = bans.some((ban) => ban.until === until || endsAfter(ban, until))
  // the manual one can end later than it does: fail2ban itself keeps it for longer
  const isProlonged = !isEnough && manual !== undefined
  const changed = bans.filter((ban) => endsAfter(ban, until) || (isProlonged && ban === manual))
  if (!isEnough) await requireManualJail(deps, bans, until)
  await applyEnds(deps, { bans: changed, until }, operation)
  const [first] = bans
  if (isEnough || manual || !first) return {}
  const { note } = await runBan(
    deps,
    {
      jail: MANUAL_JAIL,
      bans: [{ address: first.address, until }],
      by: { kind: 'user', name: userName },
      reason: (reason ?? first.reason) || null,
      operation: operation.id,
    },
    operation,
  )
  operation.describe(titleOfUpdate(first), 1)
  return { isExtended: true, ...(note !== undefined && { note }) }
}

/** @throws AppError manual_jail_missing where it does not run, or bans for too short a time */
async function requireManualJail(
  deps: BanDeps,
  [first]: readonly Ban[],
  until: number | null,
): Promise<void> {
  const bantime = await manualBantime(deps)
  const seconds = until === null ? PERMANENT : Math.ceil((until - deps.clock()) / 1000)
  if (bantime === null || isLonger(seconds, bantime))
    throw new AppError('manual_jail_missing', { jail: first?.jail ?? '' })
}

interface NewEnd {
  readonly bans: readonly Ban[]
  readonly until: number | null
}

/** @throws AppError ban_over where one of them has ended meanwhile */
async function applyEnds(
  { archive, hostDb, events }: BanDeps,
  { bans, until }: NewEnd,
  operation: OperationHandle,
): Promise<void> {
  if (bans.length === 0) return
  const items = await Promise.all(
    bans.map(async ({ jail, address, id, endOperation = null, ...ban }): Promise<BannedItem> => {
      const [timer] = await findArmedTimers(hostDb, jail, [address])
      const before = {
        id,
        until: ban.until,
        duration: ban.duration,
        timer: timer?.endsAt ?? null,
        endOperation,
      }
      return { jail, address, before }
    }),
  )
  await operation.keep('banned', items)
  const ends = bans.map(({ jail, address, since }): BanEnd => ({
    jail,
    address,
    until,
    duration: until === null ? PERMANENT : Math.max(1, Math.ceil((until - since) / 1000)),
    isOwn: until !== null,
    operation: operation.id,
    timer: until === null ? null : { operation: operation.id, endsAt: until },
  }))
  const { events: stored, count } = await archive.setEnds(ends)
  if (stored.length > 0) events.emit(stored)
  const [first] = bans
  if (count === 0 && first) throw new AppError('ban_over', { address: first.address, jail: first.jail })
}

async function setReason(
  { archive }: BanDeps,
  bans: readonly Ban[],
  { operation, reason }: Pick<Change, 'operation'> & { readonly reason: string | null },
): Promise<void> {
  const items = bans.flatMap(({ jail, address, id, reason: before }): BannedItem[] =>
    id === null || before === reason ? [] : [{ jail, address, reason: { id, before, after: reason } }],
  )
  if (items.length === 0) return
  await operation.keep('banned', items)
  await archive.setReasons(items.map((item) => ({ id: item.reason?.id ?? 0, reason })))
}
