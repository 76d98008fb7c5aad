import { contains, parseAddress, type Ban, type CoveredAddress } from '@bangui/shared'
import { formatExact } from '../lib/format.ts'

/** Returns whether a ban is of a network that contains an address or a smaller network. */
export function isHolder(ban: Pick<Ban, 'address'>, address: string): boolean {
  if (ban.address === address) return false
  const [holder, held] = [parseAddress(ban.address), parseAddress(address)]
  return holder !== undefined && held !== undefined && contains(holder, held)
}

/** Returns which ban covers an address, as in "covered by the ban on 203.0.113.0/24 in sshd until 3 Nov 2026, 14:05:00 UTC". */
export function describeCover({ address, by }: CoveredAddress): string {
  const ban = by.address === address ? 'banned' : `covered by the ban on ${by.address}`
  return `${ban} in ${by.jail} ${by.until === null ? 'permanently' : `until ${formatExact(by.until)}`}`
}
