import { findTimedUnbans, insertTimedUnbans, type TimedUnban } from '@bangui/db'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { findBanned } from './find-banned.ts'
import type { ActorRecord } from './actor-record.ts'
import type { BanDeps, BanRequest, WantedBan } from './ban-request.ts'

/**
 * How many are recorded and handed to the host at once: who bans is remembered for two minutes only, and two slices have
 * to be through by then. The time of bans that BanGUI ends runs from the beginning of their slice.
 */
const CHUNK_SIZE = 200
/** The chunk size for a quick daemon. */
const MAX_CHUNK_SIZE = 2_000
/** A daemon is quick that takes no longer for a chunk. */
const QUICK_MS = 5_000

/** Returns the size of the chunk that follows one which took `took` milliseconds. */
export const nextSliceSize = (took: number): number => (took <= QUICK_MS ? MAX_CHUNK_SIZE : CHUNK_SIZE)

/** Bans that are sent at once, with the timers of those that BanGUI ends. */
export interface PreparedSlice {
  readonly slice: readonly WantedBan[]
  /** when the pending rows were stored */
  readonly at: number
  readonly timers: readonly TimedUnban[]
  /** earlier timers that these replace */
  readonly replaced: readonly TimedUnban[]
  /** addresses whose ban is as long as the jail's own: that counts more than an end that was set before */
  readonly untimed: readonly string[]
}

interface Preparing {
  readonly signal: AbortSignal
  readonly actors: ActorRecord
}

/** The slices of a request, each ready to be banned. The next one is prepared while the caller is busy with one. */
export async function* preparedSlices(
  deps: BanDeps,
  request: BanRequest,
  { signal, actors }: Preparing,
): AsyncGenerator<PreparedSlice> {
  const { bans } = request
  const isTimed = bans.some((ban) => ban.endIfBegun(deps.clock()) !== null)
  let size = CHUNK_SIZE
  const prepareFrom = (start: number) => {
    const slice = prepare(deps, { ...request, bans: bans.slice(start, start + size) }, actors)
    // where the caller stops before it, its error is not read
    slice.catch(() => undefined)
    return slice
  }
  let ahead: Promise<PreparedSlice> | undefined
  let start = 0
  try {
    while (start < bans.length && !signal.aborted) {
      const current = await (ahead ?? prepareFrom(start))
      start += current.slice.length
      // a custom duration begins with its own chunk
      ahead = !isTimed && start < bans.length ? prepareFrom(start) : undefined
      const begun = deps.clock()
      yield current
      if (!isTimed) size = nextSliceSize(deps.clock() - begun)
    }
  } finally {
    const left = await ahead?.catch(() => undefined)
    if (left) await takeBack(deps, request.jail, left).catch(actors.failed)
  }
}

/** Removes the pending rows of addresses that were not banned: a later ban is fail2ban's. */
export const takeBack = (
  { archive }: Pick<Deps, 'archive'>,
  jail: string,
  { slice, at }: Pick<PreparedSlice, 'slice' | 'at'>,
): Promise<void> =>
  archive.removePendingActions(
    'ban',
    slice.map(({ address }) => ({ jail, address })),
    at,
  )

/**
 * Stores who bans, and the timers, before the bans are sent, so that an interruption loses nothing. A failure to store the
 * author does not block a ban; a failure to store its timer does, or the ban would never be lifted.
 */
async function prepare(
  deps: BanDeps,
  { jail, by, reason, bans }: BanRequest,
  actors: ActorRecord,
): Promise<PreparedSlice> {
  const at = deps.clock()
  const wanted = bans.map((ban) => ({
    address: ban.address,
    until: ban.endIfBegun(at),
    restores: ban.restores,
  }))
  await actors.record(wanted.map((ban) => ({ kind: 'ban', jail, by, reason, at, ...ban })))
  const timers = wanted.flatMap(({ address, until }) =>
    until === null ? [] : [{ jail, address, dueAt: until, createdAt: at }],
  )
  const untimed = wanted.flatMap(({ address, until }) => (until === null ? [address] : []))
  return { slice: bans, at, untimed, ...(await setTimers(deps, jail, timers)) }
}

async function setTimers(
  deps: BanDeps,
  jail: string,
  timers: readonly TimedUnban[],
): Promise<Pick<PreparedSlice, 'timers' | 'replaced'>> {
  if (timers.length === 0) return { timers, replaced: [] }
  const addresses = timers.map(({ address }) => address)
  try {
    const banned = await findBanned(deps, jail, addresses)
    // fail2ban's own ban is there already and stays as long as it is
    const ours = timers.filter(({ address }) => banned.get(address)?.by.kind !== 'fail2ban')
    const replaced = await findTimedUnbans(deps.database.db, jail, addresses)
    await insertTimedUnbans(deps.database.db, ours)
    return { timers: ours, replaced }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new AppError('ban_end_not_kept', { message }, { cause: error })
  }
}
