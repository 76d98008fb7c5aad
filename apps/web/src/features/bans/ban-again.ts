import type { ChosenBan } from './selection.ts'

export type BanAgain = { jail: string; addresses: string[]; duration: number }

const minute = 60
const hour = 60 * minute

/**
 * The requests that put bans back as they were, for the time that they had left. Times that are close are taken
 * together, the longer one, so that a thousand bans are a few requests.
 */
export function banAgainRequests(bans: Iterable<ChosenBan>, now: number): BanAgain[] {
  const requests = new Map<string, BanAgain>()
  for (const { address, jail, until, duration: whole = Infinity } of bans) {
    // longer than the ban itself was may be more than its jail allows
    const duration = until === null ? -1 : Math.min(roundUp((until - now) / 1000), whole)
    const key = `${jail} ${duration}`
    const request = requests.get(key)
    if (request) request.addresses.push(address)
    else if (duration !== 0) requests.set(key, { jail, addresses: [address], duration })
  }
  return [...requests.values()]
}

function roundUp(seconds: number): number {
  if (seconds <= 0) return 0
  const unit = seconds < hour ? minute : seconds < 24 * hour ? 10 * minute : hour
  return Math.ceil(seconds / unit) * unit
}
