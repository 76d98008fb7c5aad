import type { BanRestore } from '@bangui/db'
import { PERMANENT, type Ban, type UndoResult } from '@bangui/shared'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { runBan, type BanDeps } from './run-ban.ts'

/** How many unbans can be undone, and how many of their bans are remembered. */
const MAX_UNDOABLE = 100
const MAX_BANS = 100_000

/** How long the log may take to tell of bans that were put back, in milliseconds, and how often it is asked. */
const LOG_PATIENCE_MS = 60_000
const LOOK_MS = 100
/** How long the answer waits for that, in milliseconds. */
const ANSWER_PATIENCE_MS = 3_000

/** The bans that each unban ended, by its operation, the oldest first. */
const undoable = new WeakMap<Deps['archive'], Map<string, Ban[]>>()

/** Remembers which bans an unban is about to end, so that it can be undone. */
export function rememberUnban(
  { archive }: Pick<Deps, 'archive'>,
  id: string | undefined,
  bans: readonly Ban[],
) {
  if (id === undefined || bans.length === 0) return
  const all = undoable.get(archive) ?? new Map<string, Ban[]>()
  undoable.set(archive, all)
  all.set(id, [...(all.get(id) ?? []), ...bans])
  let count = [...all.values()].reduce((sum, { length }) => sum + length, 0)
  for (const [oldest, { length }] of all) {
    if (oldest === id || (all.size <= MAX_UNDOABLE && count <= MAX_BANS)) break
    all.delete(oldest)
    count -= length
  }
}

/**
 * Puts back the bans that an unban ended, once: each as it was, until its old end, and no further ban in any sum. One that
 * somebody banned anew since is left alone. @throws AppError undo_none, jail_not_running, ban_interrupted
 */
export async function undoUnban(deps: BanDeps, id: string): Promise<UndoResult> {
  const bans = undoable.get(deps.archive)?.get(id)
  if (!bans) throw new AppError('undo_none')
  undoable.get(deps.archive)?.delete(id)
  try {
    return await undo(deps, bans)
  } catch (error) {
    // it can be tried again: what is back by then is left alone
    rememberUnban(deps, id, bans)
    throw error
  }
}

async function undo(deps: BanDeps, bans: readonly Ban[]): Promise<UndoResult> {
  const now = deps.clock()
  const due = bans.filter(({ until }) => until === null || until > now)
  const anew = await bannedAnew(deps, due)
  const wanted = due.filter((ban) => !anew.has(ban))
  const result: UndoResult = {
    restored: 0,
    over: bans.length - due.length,
    already: anew.size,
    refused: [],
    shortened: [],
  }
  for (const group of Map.groupBy(wanted, keyOf).values()) await putBack(deps, group, result)
  return result
}

const keyOf = ({ jail, by, reason }: Ban) => JSON.stringify([jail, by, reason])

/** Those whose address was banned again in their jail by somebody else. What ended is waited for: the log tells of it. */
async function bannedAnew({ archive, clock }: BanDeps, bans: readonly Ban[]): Promise<ReadonlySet<Ban>> {
  const addresses = [...new Set(bans.map(({ address }) => address))]
  const ids = new Set(bans.map(({ id }) => id))
  const end = clock() + ANSWER_PATIENCE_MS
  for (;;) {
    const active = await archive.findActive(addresses, { exactly: true })
    if (active.some(({ id }) => ids.has(id)) && clock() < end) {
      await sleep(LOOK_MS, undefined, { ref: false })
      continue
    }
    const pairs = new Set(active.flatMap((ban) => (ids.has(ban.id) ? [] : [pairOf(ban)])))
    return new Set(bans.filter((ban) => pairs.has(pairOf(ban))))
  }
}

const pairOf = ({ jail, address }: Ban) => JSON.stringify([jail, address])

async function putBack(deps: BanDeps, bans: readonly Ban[], result: UndoResult): Promise<void> {
  const [first] = bans
  if (!first) return
  const { jail, by, reason } = first
  const bantime = (await deps.host.getTuning(jail)).bantime ?? PERMANENT
  // fail2ban counts from now, and ends it no later than its jail bans for
  const last = bantime === PERMANENT ? null : deps.clock() + bantime * 1000
  const endOf = ({ until }: Ban) => (last !== null && (until === null || until > last) ? last : until)
  const isEndedByUs = (ban: Ban) => endOf(ban) !== last
  const done = await runBan(deps, {
    jail,
    bans: bans.map((ban) => ({
      address: ban.address,
      endIfBegun: () => (isEndedByUs(ban) ? endOf(ban) : null),
    })),
    by,
    reason,
    operationId: undefined,
  })
  const refused = new Set(done.refused.map(({ address }) => address))
  const back = bans.filter(({ address }) => !refused.has(address))
  result.restored += done.banned
  result.already += done.already
  result.refused.push(...done.refused)
  for (const ban of back)
    if (endOf(ban) !== ban.until) result.shortened.push({ address: ban.address, jail, until: endOf(ban) })
  const restores = back.flatMap((ban) =>
    ban.id === null ? [] : [{ id: ban.id, jail, address: ban.address, until: endOf(ban) }],
  )
  const restoring = restoreWhenTold(deps, restores).catch((error: unknown) => {
    deps.log.error({ event: 'bans_not_restored', err: error }, 'bans that were put back count as new ones')
  })
  await Promise.race([restoring, sleep(ANSWER_PATIENCE_MS, undefined, { ref: false })])
}

/** The log tells of a ban a moment after the answer, or before it. */
async function restoreWhenTold({ archive, clock }: BanDeps, restores: readonly BanRestore[]): Promise<void> {
  const end = clock() + LOG_PATIENCE_MS
  let left = restores
  while (left.length > 0 && clock() < end) {
    const missing = new Set(await archive.restoreBans(left))
    left = left.filter(({ id }) => missing.has(id))
    if (left.length > 0) await sleep(LOOK_MS, undefined, { ref: false })
  }
}
