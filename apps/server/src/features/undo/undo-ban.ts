import type { BanEnd, OperationRecord } from '@bangui/db'
import type { Ban, UndoResult } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { partOf } from '../operations/part-of.ts'
import { afterBansChanged, createActorRecord, runBanTask } from '../bans/ban-task.ts'
import type { BanDeps } from '../bans/plan-ban.ts'
import { BannedItem } from '../bans/keep-before-change.ts'
import { unbanAll, type UnbanDeps } from '../bans/unban-addresses.ts'
import { findBansOfLog, pairOf } from './bans-of-log.ts'

/** How long after its end an operation may have bans that fail2ban's log has not shown. */
const UNREAD_MS = 60_000

export interface UndoOfBan {
  /** the operation that banned */
  readonly record: OperationRecord
  /** what keepBannedItems kept */
  readonly items: readonly unknown[]
  readonly userName: string
  readonly operation: OperationHandle
}

/**
 * Ends the bans that an operation made, and restores the ends and reasons that it changed. Later bans of anybody are left alone.
 * @throws AppError undo_none where no ban is as the operation left it, ban_interrupted
 */
export async function undoBan(
  deps: UnbanDeps,
  { record, items, userName, operation }: UndoOfBan,
): Promise<UndoResult> {
  const all = BannedItem.array().parse(items)
  const made = all.filter(({ before, reason }) => before === undefined && reason === undefined)
  const standing = await findStanding(deps, made, record)
  // one that went on after an interruption can have changed the end of its own ban
  const own = new Set(standing.bans.map(pairOf))
  const changed = await findChanged(
    deps,
    all.filter(isChanged).filter((item) => !own.has(pairOf(item))),
    record,
  )
  const targets = [...Map.groupBy(standing.bans, ({ jail }) => jail)].map(([jail, bans]) => ({
    jail,
    addresses: bans.map(({ address }) => address),
  }))
  const noted = all.flatMap(({ reason }) => reason ?? [])
  const reasons = await deps.archive.setReasons(
    noted.map(({ id, before, after }) => ({ id, reason: before, expected: after })),
  )
  if (targets.length + changed.length + reasons === 0) throw new AppError('undo_none')
  const actors = createActorRecord(deps, operation)
  const task = { kind: 'unban', addresses: standing.bans.length, where: 'all jails' } as const
  try {
    const part = partOf(operation, 0)
    operation.progress(0, standing.bans.length)
    const ends = await restoreEnds(deps, changed, { record, operation: operation.id })
    // a long list takes its time, and somebody may ask for one of its bans meanwhile
    let others = 0
    const isMeant = (ban: Ban) => {
      const isLeft = isAsLeft(ban, record)
      if (!isLeft) others += 1
      return isLeft
    }
    const { unbanned, absent } = await runBanTask(deps, { task, operation: part }, (handle) =>
      unbanAll(deps, {
        targets,
        absent: 0,
        jail: undefined,
        userName,
        actors,
        operation: handle,
        exactly: true,
        isMeant,
      }),
    )
    const over = absent + made.length - standing.bans.length - standing.others
    const already = standing.others + others + changed.length - ends + noted.length - reasons
    return { restored: unbanned + ends + reasons, over, already, refused: [], shortened: [] }
  } finally {
    await afterBansChanged(deps)
  }
}

/** Whether a ban is as the operation made it: nobody has banned the address anew, or asked for another end. */
const isAsLeft = ({ operation, endOperation }: Ban, { id }: OperationRecord): boolean =>
  operation === id && (endOperation ?? id) === id

type ChangedItem = BannedItem & { readonly before: NonNullable<BannedItem['before']> }

const isChanged = (item: BannedItem): item is ChangedItem => item.before !== undefined

/**
 * Returns the bans that are still as the operation made them, and how many of its addresses somebody else has banned, or asked
 * for, since. Waits for fail2ban's log; a ban that it has not shown by then counts as the operation's.
 */
async function findStanding(
  deps: BanDeps,
  made: readonly BannedItem[],
  record: OperationRecord,
): Promise<{ bans: readonly BannedItem[]; others: number }> {
  const unread = new Set(unreadOf(deps, made, record))
  const active = await findBansOfLog(deps, made, (item, ban) => ban !== undefined || !unread.has(item))
  const isOwn = (item: BannedItem) => {
    const ban = active.get(pairOf(item))
    return ban !== undefined && isAsLeft(ban, record)
  }
  const isUnread = (item: BannedItem) => unread.has(item) && !active.has(pairOf(item))
  const bans = made.filter((item) => isOwn(item) || isUnread(item))
  const others = made.filter((item) => active.has(pairOf(item)) && !isOwn(item)).length
  return { bans, others }
}

/** Returns the addresses whose ban the log may not have shown yet: those that the operation reached a moment ago. */
function unreadOf(
  { clock }: BanDeps,
  made: readonly BannedItem[],
  { state, done, endedAt }: OperationRecord,
): readonly BannedItem[] {
  if (clock() - (endedAt ?? 0) >= UNREAD_MS) return []
  return state === 'done' || state === 'partly' ? made : made.slice(0, done)
}

/** Returns the bans whose end is still the one that the operation set. */
async function findChanged(
  deps: BanDeps,
  items: readonly ChangedItem[],
  { id }: OperationRecord,
): Promise<ChangedItem[]> {
  const bans = await findBansOfLog(deps, items, () => true)
  return items.filter((item) => {
    const ban = bans.get(pairOf(item))
    return ban !== undefined && ban.id === item.before.id && ban.endOperation === id
  })
}

/** Returns how many ends were restored. fail2ban may have prolonged a ban that was asked for again: BanGUI ends it at its old end. */
async function restoreEnds(
  { archive, events }: BanDeps,
  items: readonly ChangedItem[],
  { record, operation }: { readonly record: OperationRecord; readonly operation: string },
): Promise<number> {
  const ends = items.map(({ jail, address, before }): BanEnd => {
    const { id, until, duration, timer, endOperation } = before
    const endsAt = timer ?? until
    return {
      jail,
      address,
      until,
      duration,
      isOwn: until !== null,
      operation: endOperation,
      // somebody may have asked for another end meanwhile
      expected: { id: id ?? 0, endOperation: record.id },
      timer: endsAt === null ? null : { operation, endsAt },
    }
  })
  const { events: stored, count } = await archive.setEnds(ends)
  if (stored.length > 0) events.emit(stored)
  return count
}
