import { findTimedUnbans, insertTimedUnbans, type TimedUnban } from '@bangui/db'
import { isByBangui, type Ban } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { findBanned } from './find-banned.ts'
import type { ActorRecord } from './actor-record.ts'
import type { BanDeps, BanRequest, WantedBan } from './ban-request.ts'

/** How many bans are recorded and sent at once. The custom duration of bans begins with their chunk. */
const CHUNK_SIZE = 200
/** The chunk size for a quick daemon. */
const MAX_CHUNK_SIZE = 2_000
/** A daemon is quick that takes no longer for a chunk. */
const QUICK_MS = 5_000

/** Returns the size of the chunk that follows one which took `took` milliseconds. */
export const nextChunkSize = (took: number): number => (took <= QUICK_MS ? MAX_CHUNK_SIZE : CHUNK_SIZE)

/** Bans that are sent at once, with the timers of those that BanGUI ends. */
export interface PreparedChunk {
  readonly chunk: readonly WantedBan[]
  /** when the pending rows were stored */
  readonly at: number
  readonly timers: readonly TimedUnban[]
  /** earlier timers that these replace */
  readonly replaced: readonly TimedUnban[]
  /** addresses with the jail's own bantime, which replaces an earlier timer */
  readonly untimed: readonly string[]
}

interface Preparing {
  readonly signal: AbortSignal
  readonly actors: ActorRecord
}

/** Yields the chunks of a request, ready to be sent. The next chunk is prepared while the caller is busy with one. */
export async function* preparedChunks(
  deps: BanDeps,
  request: BanRequest,
  { signal, actors }: Preparing,
): AsyncGenerator<PreparedChunk> {
  const { bans } = request
  const isTimed = bans.some((ban) => ban.endIfBegun(deps.clock()) !== null)
  let size = CHUNK_SIZE
  const prepareFrom = (start: number) => {
    const chunk = prepare(deps, { ...request, bans: bans.slice(start, start + size) }, actors)
    // where the caller stops before it, its error is not read
    chunk.catch(() => undefined)
    return chunk
  }
  let ahead: Promise<PreparedChunk> | undefined
  let start = 0
  try {
    while (start < bans.length && !signal.aborted) {
      const current = await (ahead ?? prepareFrom(start))
      start += current.chunk.length
      // a custom duration begins with its own chunk
      ahead = !isTimed && start < bans.length ? prepareFrom(start) : undefined
      const begun = deps.clock()
      yield current
      if (!isTimed) size = nextChunkSize(deps.clock() - begun)
    }
  } finally {
    const left = await ahead?.catch(() => undefined)
    if (left) await withdrawPendingActions(deps, request, left.chunk).catch(actors.failed)
  }
}

/** Removes the pending rows of addresses that were not banned: a later ban is fail2ban's. */
export const withdrawPendingActions = (
  { archive }: Pick<HostDeps, 'archive'>,
  { jail, operation }: Pick<BanRequest, 'jail' | 'operation'>,
  bans: readonly WantedBan[],
): Promise<void> =>
  archive.removePendingActions(operation, {
    kind: 'ban',
    pairs: bans.map(({ address }) => ({ jail, address })),
  })

/**
 * Stores who bans, and the timers, before the bans are sent, so that an interruption loses nothing. A failure to store the
 * author does not block a ban; a failure to store its timer does, or the ban would never be lifted.
 */
async function prepare(
  deps: BanDeps,
  { jail, by, reason, bans, operation }: BanRequest,
  actors: ActorRecord,
): Promise<PreparedChunk> {
  const at = deps.clock()
  const wanted = bans.map((ban) => ({
    address: ban.address,
    until: ban.endIfBegun(at),
    restores: ban.restores,
  }))
  await actors.record(wanted.map((ban) => ({ kind: 'ban', jail, by, reason, operation, at, ...ban })))
  const timers = wanted.flatMap(({ address, until }) =>
    until === null ? [] : [{ jail, address, dueAt: until, createdAt: at }],
  )
  const untimed = wanted.flatMap(({ address, until }) => (until === null ? [address] : []))
  return { chunk: bans, at, untimed, ...(await setTimers(deps, jail, timers)) }
}

const isOurs = (ban: Ban | undefined) => ban === undefined || isByBangui(ban.by)

async function setTimers(
  deps: BanDeps,
  jail: string,
  timers: readonly TimedUnban[],
): Promise<Pick<PreparedChunk, 'timers' | 'replaced'>> {
  if (timers.length === 0) return { timers, replaced: [] }
  const addresses = timers.map(({ address }) => address)
  try {
    const banned = await findBanned(deps, jail, addresses)
    // an existing ban of fail2ban's own keeps its length
    const ours = timers.filter(({ address }) => isOurs(banned.get(address)))
    const replaced = await findTimedUnbans(deps.hostDb, jail, addresses)
    await insertTimedUnbans(deps.hostDb, ours)
    return { timers: ours, replaced }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new AppError('ban_end_not_kept', { message }, { cause: error })
  }
}
