import type { WatchingApi } from '../../api/watching-api.ts'
import { describeError } from '../../api/errors.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { MAX_ADDRESSES } from './parse-list.ts'
import { type ChosenBan, inPieces } from './selection.ts'

export type BanAgain = { jail: string; addresses: readonly string[]; duration: number; reason?: string }

const minute = 60
const hour = 60 * minute

/**
 * The requests that put bans back as they were, for the time that they had left. Times that are close are taken
 * together, the longer one, so that a thousand bans are a few requests.
 */
export function banAgainRequests(bans: Iterable<ChosenBan>, now: number): BanAgain[] {
  const requests = new Map<string, BanAgain & { addresses: string[] }>()
  for (const { address, jail, until, duration: whole = -1, reason } of bans) {
    // longer than the ban itself was may be more than its jail allows
    const most = whole > 0 ? whole : Infinity
    const duration = until === null ? -1 : Math.min(roundUp((until - now) / 1000), most)
    const key = JSON.stringify([jail, duration, reason])
    const request = requests.get(key)
    if (request) request.addresses.push(address)
    else if (duration !== 0)
      requests.set(key, { jail, addresses: [address], duration, ...(reason ? { reason } : {}) })
  }
  return [...requests.values()].flatMap((request) =>
    inPieces(request.addresses, MAX_ADDRESSES).map((addresses) => ({ ...request, addresses })),
  )
}

function roundUp(seconds: number): number {
  if (seconds <= 0) return 0
  const unit = seconds < hour ? minute : seconds < 24 * hour ? 10 * minute : hour
  return Math.ceil(seconds / unit) * unit
}

export type BannedAgain = {
  /** how many were asked for; those whose time is over are not */
  asked: number
  refused: number
  /** some could only be banned for their jail's own time */
  shortened: boolean
}

/** Puts bans back. Throws what the server refuses with; asking again for what is back by then does no harm. */
export async function banAgain(api: WatchingApi, bans: readonly ChosenBan[]): Promise<BannedAgain> {
  const result: BannedAgain = { asked: 0, refused: 0, shortened: false }
  for (const request of banAgainRequests(bans, Date.now())) {
    const ask = (input: BanAgain | Omit<BanAgain, 'duration'>) =>
      api.bans.ban.mutate({
        ...input,
        addresses: [...input.addresses],
        force: true,
        operationId: createOperationId(),
      })
    const { refused } = await ask(request).catch(async (error: unknown) => {
      if (describeError(error).reason !== 'manual_jail_missing') throw error
      // it was longer than its jail bans now, as one that came back often is
      const { duration: _, ...own } = request
      result.shortened = true
      return ask(own)
    })
    result.asked += request.addresses.length
    result.refused += refused.length
    if (refused.some(({ reason }) => reason === 'cancelled')) break
  }
  return result
}
