import { listVisitors } from '@bangui/db'
import {
  firstOf,
  isPublicIpv4Range,
  isVeryWide,
  parseAddress,
  prefixOf,
  sizeOf,
  textOfIpv4,
  type Address,
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
  const mayTouch = createIpv4Filter([
    ...allowed.addresses,
    ...[...visitors, ...own].flatMap((text) => parseAddress(text) ?? []),
  ])
  const skip = (address: string) => skipBy(guard, address)
  return {
    // nearly every entry is out of the question by its numbers alone
    skipIpv4(entry) {
      const first = firstOf(entry)
      const last = first + sizeOf(entry) - 1
      const isOpen = prefixOf(entry) >= 8 && isPublicIpv4Range(first, last) && !mayTouch(first, last)
      return isOpen ? undefined : skip(textOfIpv4(entry))
    },
    skip,
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

/** Returns a function that checks whether a range of IPv4 addresses, as numbers, touches one of some addresses and networks. */
export function createIpv4Filter(addresses: readonly Address[]): (first: number, last: number) => boolean {
  const ranges = addresses
    .filter(({ family }) => family === 4)
    .map(({ text, prefix }) => {
      const host = text.split('/', 1)[0] ?? ''
      const first = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
      return { first, last: first + 2 ** (32 - prefix) - 1 }
    })
    .toSorted((one, other) => one.first - other.first)
  // the last address of every range before: ranges may lie in one another
  let furthest = -1
  const lasts = ranges.map(({ last }) => (furthest = Math.max(furthest, last)))
  return (first, last) => {
    let low = 0
    let high = ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((ranges[middle]?.first ?? 0) <= last) low = middle + 1
      else high = middle
    }
    return low > 0 && (lasts[low - 1] ?? -1) >= first
  }
}
