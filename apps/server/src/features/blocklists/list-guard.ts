import { listVisitors } from '@bangui/db'
import {
  firstOf,
  isPublicIpv6Start,
  isVeryWide,
  keyRangeOf,
  parseAddress,
  prefixOf,
  sizeOf,
  specialIpv4Range,
  startOfIpv6,
  textOfIpv4,
  type Address,
  type NumberRange,
  type SkipReason,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import {
  createAddressSet,
  guardAddress,
  ownAddresses,
  refusalText,
  type BanGuard,
} from '../bans/guard-address.ts'
import { allowListOf, type AllowList } from '../ignores/allow-list.ts'

export type GuardDeps = Pick<HostDeps, 'host' | 'config' | 'hostDb' | 'clock' | 'database'>

/** How long ago somebody used BanGUI whose address no list may ban, in milliseconds. */
const VISITORS_MS = 30 * 86_400_000

/** An entry that must not be banned. */
export interface Skipped {
  readonly address: string
  readonly reason: SkipReason
  /** a sentence */
  readonly message: string
}

/** Decides which entries of a list may be banned in a jail. */
export interface ListGuard {
  /** Returns why an IPv4 entry, as a number, is not banned; undefined: it may be. */
  skipIpv4(entry: number): Skipped | undefined
  skip(address: string): Skipped | undefined
  /** another one after each change of the allow list */
  readonly version: string
  /** sentences about what keeps BanGUI from knowing everything that the jail ignores */
  readonly warnings: readonly string[]
}

/** Creates the {@link ListGuard} of a jail: a manual ban is guarded by the same rules (guard-address.ts). */
export async function createListGuard(deps: GuardDeps, jail: string): Promise<ListGuard> {
  const allowed = await allowListOf(deps, jail)
  const visitors = await listVisitors(deps.database.db, deps.clock() - VISITORS_MS, { networks: true })
  const own = [...ownAddresses(deps.config), ...(await deps.host.daemon.info()).addresses]
  return guardBy({ allowed, visitors, own })
}

interface Guarding {
  readonly allowed: Pick<AllowList, 'touches' | 'addresses' | 'version' | 'warnings'>
  readonly visitors: readonly string[]
  readonly own: readonly string[]
}

/** Creates the {@link ListGuard} of an allow list, the addresses of people who use BanGUI, and those of this machine. */
export function guardBy({ allowed, visitors, own }: Guarding): ListGuard {
  const guard: BanGuard = {
    session: createAddressSet(visitors),
    host: createAddressSet(own),
    allowed: [allowed],
    force: false,
  }
  const named = [...allowed.addresses, ...[...visitors, ...own].flatMap((text) => parseAddress(text) ?? [])]
  const mayTouch = createRangeFilter(named, 4)
  const mayTouchStart = createRangeFilter(named, 6)
  const skip = (address: string) => skipBy(guard, address)
  const bySpecialRange = new Map<NumberRange, Skipped | undefined>()
  return {
    // a list has a million entries, whose numbers alone say nearly always whether they may be banned
    skipIpv4(entry) {
      const first = firstOf(entry)
      const last = first + sizeOf(entry) - 1
      if (prefixOf(entry) < 8 || mayTouch(first, last)) return skip(textOfIpv4(entry))
      const range = specialIpv4Range(first, last)
      if (!range) return undefined
      if (first < range.from || last > range.to) return skip(textOfIpv4(entry))
      // all of a range that nobody has named have the same reason
      if (!bySpecialRange.has(range)) bySpecialRange.set(range, skip(textOfIpv4(entry)))
      const found = bySpecialRange.get(range)
      return found && { ...found, address: textOfIpv4(entry) }
    },
    skip(address) {
      const start = address.includes(':') ? startOfIpv6(address) : -1
      const isOpen = start >= 0 && isPublicIpv6Start(start) && !mayTouchStart(start, start)
      return isOpen ? undefined : skip(address)
    },
    version: allowed.version,
    warnings: allowed.warnings,
  }
}

function skipBy(guard: BanGuard, text: string): Skipped | undefined {
  const { address, refusal, ...rest } = guardAddress(text, guard)
  if (refusal === null || !address) return undefined
  const message = refusalText(refusal, 'allowed' in rest ? rest.allowed : undefined)
  return { address: address.text, reason: reasonOf(refusal, address), message }
}

function reasonOf(refusal: string, address: Address): SkipReason {
  if (refusal === 'ignored') return 'allowed'
  if (refusal === 'whole_family' || isVeryWide(address)) return 'too_wide'
  return refusal === 'loopback' || refusal === 'this_host' || refusal === 'own_session' ? refusal : 'private'
}

/**
 * Returns a function that checks whether a range touches one of the addresses and networks of a family: of IPv4, as numbers; of IPv6 by
 * the first 32 bits, so that it may name some that it does not touch.
 */
export function createRangeFilter(
  addresses: readonly Address[],
  family: Address['family'],
): (first: number, last: number) => boolean {
  const ranges = addresses
    .filter((address) => address.family === family)
    .map((address) => {
      const { from, to } = keyRangeOf(address)
      return { first: numberAt(from), last: numberAt(to) }
    })
    .toSorted((one, other) => one.first - other.first)
  const firsts = Float64Array.from(ranges, ({ first }) => first)
  // the last one of every range before: ranges may lie in one another
  let furthest = -1
  const lasts = Float64Array.from(ranges, ({ last }) => (furthest = Math.max(furthest, last)))
  return (first, last) => {
    let low = 0
    let high = firsts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((firsts[middle] ?? 0) <= last) low = middle + 1
      else high = middle
    }
    return low > 0 && (lasts[low - 1] ?? -1) >= first
  }
}

/** Returns the first four bytes of the address of a key, as a number. */
const numberAt = ([, a = 0, b = 0, c = 0, d = 0]: Uint8Array) => ((a * 256 + b) * 256 + c) * 256 + d
