import { insertTimedUnbans, type TimedUnban } from '@bangui/db'
import type { BannedBy, BanResult, RefusedAddress } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operations.ts'
import { afterBansChanged, withProgress } from './after-change.ts'
import { asOperation } from './as-operation.ts'
import { findBanned } from './find-banned.ts'
import { refusalText } from './guard-address.ts'
import type { PlanDeps } from './plan-ban.ts'
import { inSlices } from './slices.ts'
import { forgetTimers } from './timers.ts'

export type BanDeps = PlanDeps &
  Pick<Deps, 'archive' | 'database' | 'operations' | 'monitor' | 'state' | 'reconcile' | 'clock' | 'log'>

/** How many are recorded and handed to the host at once: who bans is remembered for two minutes only. */
const SLICE = 1_000

/** The same for bans that BanGUI ends: their time runs from the beginning of the slice. */
const TIMED_SLICE = 200

export interface WantedBan {
  readonly address: string
  /** When BanGUI ends it if it begins at `now`; null: the jail does. */
  endIfBegun(now: number): number | null
}

/** Bans of canonical addresses that were looked at already. */
export interface BanRequest {
  readonly jail: string
  readonly bans: readonly WantedBan[]
  readonly by: BannedBy
  readonly reason: string | null
  readonly operationId: string | undefined
}

/** Bans, with progress and cancel; what was not reached is told as refused. @throws AppError ban_interrupted */
export async function runBan(deps: BanDeps, request: BanRequest): Promise<Omit<BanResult, 'jail'>> {
  const { jail, bans, operationId } = request
  if (bans.length === 0) return { banned: 0, already: 0, refused: [] }
  const task = { kind: 'ban', count: bans.length, where: jail, operationId } as const
  try {
    return await asOperation(deps, task, (operation) => banAll(deps, request, operation))
  } finally {
    await afterBansChanged(deps)
  }
}

async function banAll(deps: BanDeps, request: BanRequest, { signal, progress }: OperationHandle) {
  const { jail, bans } = request
  const counts = { banned: 0, already: 0 }
  let done = 0
  let reached = 0
  const onProgress = (count: number) => {
    reached = done + count
    progress(reached)
  }
  for await (const { slice, timers } of preparedSlices(deps, request, signal)) {
    if (signal.aborted) break
    const addresses = slice.map(({ address }) => address)
    const result = await deps.host.ban(jail, addresses, { signal, onProgress }).catch((error: unknown) => {
      throw withProgress(error, reached, bans.length)
    })
    counts.banned += result.banned
    counts.already += result.already
    done += result.done
    // one that was due before its address was reached has gone
    await insertTimedUnbans(deps.database.db, timers)
    if (result.done < slice.length) await forgetTimers(deps, jail, addresses.slice(result.done))
  }
  return { ...counts, refused: bans.slice(done).map(({ address }) => cancelled(address)) }
}

/** The slices of a request, each ready to be banned. The next one is prepared while the caller is busy with one. */
async function* preparedSlices(deps: BanDeps, request: BanRequest, signal: AbortSignal) {
  const isTimed = request.bans.some((ban) => ban.endIfBegun(deps.clock()) !== null)
  let ready: Promise<{ slice: readonly WantedBan[]; timers: readonly TimedUnban[] }> | undefined
  for await (const slice of inSlices(request.bans, isTimed ? TIMED_SLICE : SLICE)) {
    if (signal.aborted) break
    // their time runs from the beginning of their own slice
    if (isTimed) {
      yield { slice, timers: await prepare(deps, request, slice) }
      continue
    }
    const next = prepare(deps, request, slice).then((timers) => ({ slice, timers }))
    // of a caller that stops here, nobody looks at it
    next.catch(() => undefined)
    if (ready) yield await ready
    ready = next
  }
  if (ready) yield await ready
}

const cancelled = (address: string): RefusedAddress => ({
  address,
  reason: 'cancelled',
  message: refusalText('cancelled'),
})

/** Remembers who bans and when it is to end before it happens: nothing is forgotten, wherever BanGUI is cut off. */
async function prepare(
  deps: BanDeps,
  { jail, by, reason }: BanRequest,
  bans: readonly WantedBan[],
): Promise<TimedUnban[]> {
  const at = deps.clock()
  const wanted = bans.map((ban) => ({ address: ban.address, until: ban.endIfBegun(at) }))
  await deps.archive.addIntents(wanted.map((ban) => ({ kind: 'ban', jail, by, reason, at, ...ban })))
  const timers = wanted.flatMap(({ address, until }) =>
    until === null ? [] : [{ jail, address, dueAt: until, createdAt: at }],
  )
  const untimed = wanted.flatMap(({ address, until }) => (until === null ? [address] : []))
  // a ban as long as the jail's own, asked for by now, counts more than an end that was set before
  await forgetTimers(deps, jail, untimed)
  const timed = timers.map(({ address }) => address)
  const banned = await findBanned(deps, jail, timed)
  // fail2ban's own ban is there already and stays as long as it is
  const ours = timers.filter(({ address }) => banned.get(address)?.by.kind !== 'fail2ban')
  await insertTimedUnbans(deps.database.db, ours)
  return ours
}
