import type { PendingAction } from '@bangui/db'
import { createPace, isHostError } from '@bangui/fail2ban'
import { PERMANENT, type BanResult, type RefusedAddress } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { type ActorRecord, afterBansChanged, createActorRecord, runBanTask, withNote } from './ban-task.ts'
import type { BanDeps, BanRequest, WantedBan } from './plan-ban.ts'
import { keepBannedItems } from './keep-before-change.ts'
import { refusalText } from './guard-address.ts'

/** Bans, with progress and cancel; addresses that were not reached are returned as refused. @throws AppError ban_interrupted */
export async function runBan(
  deps: BanDeps,
  request: BanRequest,
  operation: OperationHandle,
): Promise<Omit<BanResult, 'jail'>> {
  const { jail, bans } = request
  if (bans.length === 0) return { banned: 0, already: 0, refused: [] }
  const task = { kind: 'ban', addresses: bans.map(({ address }) => address), where: jail } as const
  const actors = createActorRecord(deps, operation)
  try {
    const result = await runBanTask(deps, { task, operation }, (part) =>
      banAll(deps, request, { operation: part, actors }),
    )
    return withNote(result, actors)
  } catch (error) {
    throw isHostError(error, 'jail_unknown') ? await jailNotThere(deps, jail, error) : error
  } finally {
    await afterBansChanged(deps)
  }
}

interface BanRun {
  readonly operation: OperationHandle
  readonly actors: ActorRecord
}

interface BatchResult {
  readonly size: number
  readonly banned: number
  readonly tookMs: number
}

const NOTHING: BatchResult = { size: 0, banned: 0, tookMs: 0 }

/**
 * Bans in one jail, as a part of an operation: batch by batch, so that the daemon answers others in between; a quick daemon has
 * the next batch before it has done one. @throws HostError jail_unknown, daemon_unavailable; AppError
 */
export async function banAll(
  deps: BanDeps,
  request: BanRequest,
  { operation: { signal, progress, keep }, actors }: BanRun,
): Promise<Omit<BanResult, 'jail'>> {
  const { bans } = request
  const pace = createPace()
  const total = { banned: 0, already: 0, done: 0 }
  const sendBatch = createBatchSender(deps, request, { signal, keep, actors })
  let begun = 0
  const begin = (): Promise<BatchResult> | undefined => {
    if (begun >= bans.length || signal.aborted) return undefined
    const batch = bans.slice(begun, begun + pace.next())
    begun += batch.length
    const sending = sendBatch(batch)
    // its failure reaches those who wait for it
    sending.catch(() => undefined)
    return sending
  }
  let current = begin()
  while (current) {
    const ahead = pace.isQuick() ? begin() : undefined
    const result = await current.catch(async (error: unknown) => {
      await ahead?.catch(() => undefined)
      throw error
    })
    if (result.size > 0) pace.took(result.size, result.tookMs)
    total.banned += result.banned
    total.already += result.size - result.banned
    total.done += result.size
    progress(total.done)
    current = ahead ?? begin()
  }
  return { banned: total.banned, already: total.already, refused: bans.slice(total.done).map(cancelled) }
}

interface Sending extends Pick<OperationHandle, 'signal' | 'keep'> {
  readonly actors: ActorRecord
}

/** Returns what sends a batch of bans, and takes in what the daemon answers. */
function createBatchSender(deps: BanDeps, request: BanRequest, { signal, keep, actors }: Sending) {
  const { archive, host, events, checkBans, clock } = deps
  const { jail, operation, areNew } = request
  const isRestoring = request.bans.some(({ restores }) => restores !== undefined)
  let bantime: Promise<number> | undefined
  const readBantime = () =>
    (bantime ??= host.jails
      .getTuning(jail)
      .then((tuning) => tuning.bantime ?? PERMANENT)
      .catch((error: unknown) => {
        // the next batch asks again
        bantime = undefined
        throw error
      }))

  /** The only compensation: what is still pending was not done. */
  const dropPending = (addresses: readonly string[]) =>
    archive
      .removePendingActions(operation, {
        kind: 'ban',
        pairs: addresses.map((address) => ({ jail, address })),
      })
      .catch(actors.failed)

  const takeAlready = async (already: readonly string[]) => {
    checkBans(jail)
    const stored = await archive.answerBans({ operation, jail, already, bantime: await readBantime() })
    if (stored.length > 0) events.emit(stored)
  }

  return async (bans: readonly WantedBan[]): Promise<BatchResult> => {
    const addresses = bans.map(({ address }) => address)
    const at = clock()
    if (!isRestoring) await keepBannedItems(deps, { jail, bans }, { keep }).catch(actors.failed)
    await record(deps, { ...request, bans, at }, actors)
    if (signal.aborted) {
      await dropPending(addresses)
      return NOTHING
    }
    try {
      const { before, banned, tookMs } = await host.bans.ban(jail, addresses, { areNew })
      const already = addresses.filter((_address, index) => before[index])
      if (already.length > 0) await takeAlready(already).catch(actors.failed)
      // others were quicker: the comparison finds out which
      if (banned + already.length < addresses.length) checkBans(jail)
      return { size: bans.length, banned, tookMs }
    } catch (error) {
      // otherwise it may have been done: the next comparison decides
      if (isHostError(error, 'jail_unknown')) await dropPending(addresses)
      throw error
    }
  }
}

/**
 * Stores who bans, with the timers, before the bans are sent. A failure to store the author does not block a ban; a failure to
 * store its timer does, or the ban would never be lifted. @throws AppError ban_end_not_kept
 */
async function record(
  { archive }: Pick<BanDeps, 'archive'>,
  { jail, bans, by, reason, operation, at }: BanRequest & { readonly at: number },
  actors: ActorRecord,
): Promise<void> {
  const actions = bans.map(({ address, duration = null, until = null, restores }): PendingAction => ({
    kind: 'ban',
    jail,
    address,
    by,
    reason,
    operation,
    at,
    duration,
    until,
    restores,
  }))
  if (actions.every(({ duration, until }) => duration === null && until === null))
    return actors.record(actions)
  try {
    await archive.addPendingActions(actions)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new AppError('ban_end_not_kept', { message }, { cause: error })
  }
}

/** Returns the refusal of an address that was not reached when somebody cancelled. */
export const cancelled = ({ address }: Pick<WantedBan, 'address'>): RefusedAddress => ({
  address,
  reason: 'cancelled',
  message: refusalText('cancelled'),
})
