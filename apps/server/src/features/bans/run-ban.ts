import { resultOf } from '@bangui/async'
import { deleteTimedUnbans, insertTimedUnbans, type TimedUnban } from '@bangui/db'
import { isHostError, type BatchBanned, type BatchStep } from '@bangui/fail2ban'
import type { BanResult, RefusedAddress } from '@bangui/shared'
import { jailNotThere } from '../jails/jail-not-there.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { afterBansChanged } from './after-change.ts'
import { keepChangedEnds } from './changed-ends.ts'
import { refusalText } from './guard-address.ts'
import { runBanTask } from './ban-task.ts'
import type { BanDeps, BanRequest } from './ban-request.ts'
import { preparedChunks, withdrawPendingActions, type PreparedChunk } from './prepare-ban.ts'
import { createActorRecord, withNote, type ActorRecord } from './actor-record.ts'
import { deleteTimedUnbansOf } from './timers.ts'
import { keepBannedItems } from './banned-items.ts'

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

/** Bans in one jail, as a part of an operation. @throws HostError jail_unknown, daemon_unavailable; AppError */
export async function banAll(
  deps: BanDeps,
  request: BanRequest,
  { operation: { signal, progress, keep }, actors }: BanRun,
): Promise<Omit<BanResult, 'jail'>> {
  const { jail, bans } = request
  const counts = { banned: 0, already: 0 }
  const isRestoring = bans.some(({ restores }) => restores !== undefined)
  let done = 0
  const onProgress = (count: number) => progress(done + count)
  const run = { signal, onProgress, actors, operation: request.operation }
  for await (const prepared of preparedChunks(deps, request, { signal, actors })) {
    if (!isRestoring) await keepBannedItems(deps, { jail, prepared }, { keep }).catch(actors.failed)
    const result = await banChunk(deps, { ...prepared, jail }, run)
    counts.banned += result.banned
    counts.already += result.already
    done += result.done
    if (signal.aborted) break
  }
  return { ...counts, refused: bans.slice(done).map(({ address }) => cancelled(address)) }
}

interface ChunkRun {
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
  readonly actors: ActorRecord
  readonly operation: string
}

type ChunkOfJail = PreparedChunk & { readonly jail: string }

/** Bans a chunk. Addresses that are not reached keep their earlier timers. */
async function banChunk(
  deps: BanDeps,
  { jail, chunk, at, timers, replaced, untimed }: ChunkOfJail,
  { signal, onProgress, actors, operation }: ChunkRun,
): Promise<BatchBanned> {
  const addresses = chunk.map(({ address }) => address)
  /** Addresses from `from` on were never sent: removes their pending rows and restores their earlier timers. */
  const settle = async (from: number, before: readonly TimedUnban[]) => {
    const missed = addresses.slice(from)
    await settleTimers(deps, { timers, missed, before }).catch(actors.failed)
    await withdrawFrom(from)
  }
  const withdrawFrom = async (from: number) => {
    if (from < chunk.length)
      await withdrawPendingActions(deps, { jail, operation }, chunk.slice(from)).catch(actors.failed)
  }
  if (signal.aborted) {
    await settle(0, replaced)
    return { banned: 0, already: 0, done: 0 }
  }
  // only now: a chunk that was prepared earlier may never be sent
  const forgotten: TimedUnban[] = []
  await deleteTimedUnbansOf(deps, { jail, addresses: untimed }).then(
    (found) => forgotten.push(...found),
    actors.failed,
  )
  let reached = 0
  let sent = 0
  const onStep = (step: BatchStep) => {
    sent = step.sent
    reached = step.done
    onProgress(step.done)
  }
  try {
    const result = await resultOf(deps.host.bans.ban(jail, addresses, { signal }), onStep)
    await settle(result.done, [...replaced, ...forgotten])
    // fail2ban logs nothing for addresses that were banned already
    if (result.already > 0)
      await keepChangedEnds(deps, { jail, addresses, at, timers, forgotten, operation }).catch(actors.failed)
    if (result.banned === 0) await withdrawFrom(0)
    return result
  } catch (error) {
    // a batch on its way may have been done: a repetition of the request deletes these timers then
    await settle(sent, replaced)
    const missed = forgotten.filter(isOf(addresses.slice(reached)))
    await insertTimedUnbans(deps.hostDb, missed).catch(actors.failed)
    throw error
  }
}

interface Timers {
  readonly timers: readonly TimedUnban[]
  /** addresses that were not reached */
  readonly missed: readonly string[]
  /** what was set for the addresses before */
  readonly before: readonly TimedUnban[]
}

async function settleTimers(deps: BanDeps, { timers, missed, before }: Timers): Promise<void> {
  const { hostDb } = deps
  const isMissed = isOf(missed)
  // a timer that was due before its address was reached was deleted
  await insertTimedUnbans(
    hostDb,
    timers.filter((timer) => !isMissed(timer)),
  )
  await deleteTimedUnbans(hostDb, timers.filter(isMissed))
  await insertTimedUnbans(hostDb, before.filter(isMissed))
}

function isOf(addresses: readonly string[]) {
  const set = new Set(addresses)
  return ({ address }: TimedUnban): boolean => set.has(address)
}

/** Returns the refusal of an address that was not reached when somebody cancelled. */
export const cancelled = (address: string): RefusedAddress => ({
  address,
  reason: 'cancelled',
  message: refusalText('cancelled'),
})
