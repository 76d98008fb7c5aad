import { machineAddresses } from '@bangui/fail2ban'
import {
  contains,
  createCover,
  isVeryWide,
  isWholeFamily,
  keyRangeOf,
  parseAddress,
  showHidden,
  type Address,
  type BanRefusal,
} from '@bangui/shared'
import type { Config } from '../../config.ts'
import type { Allowed, AllowList } from '../ignores/allow-list.ts'

/** The addresses that a manual ban must not contain. */
export interface BanGuard {
  /** where the session's own requests come from */
  readonly session: AddressSet
  /** the addresses of this machine and those under which BanGUI is reached */
  readonly host: AddressSet
  /** of the jails that the ban is about */
  readonly allowed: readonly Pick<AllowList, 'touches'>[]
  /** bans addresses although they are refused, where isForceable allows that */
  readonly force: boolean
}

export type Guarded =
  | { readonly address: Address; readonly refusal: null }
  | {
      readonly address: Address | null
      readonly refusal: Exclude<BanRefusal, 'cancelled' | 'unknown'>
      /** why it must not be banned, where it is `ignored` */
      readonly allowed?: Allowed
    }

const loopback = createAddressSet(['127.0.0.0/8', '::1'])

/** Addresses of the networks around a machine, where its users and neighbours are. */
const local = createAddressSet([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
])

const localKinds = new Set(['private', 'link_local', 'multicast', 'unspecified', 'reserved'])

/** Reserved for benchmarks. */
const benchmarking = ['198.18.0.0/15', '2001:2::/48'].flatMap((text) => parseAddress(text) ?? [])

/** Returns the address of a text, with the reason why it may not be banned manually, if any. fail2ban itself accepts anything. */
export function guardAddress(text: string, guard: BanGuard): Guarded {
  const address = parseAddress(text.trim())
  if (!address) return { address: null, refusal: 'invalid' }
  if (isWholeFamily(address)) return { address, refusal: 'whole_family' }
  if (guard.force) return { address, refusal: null }
  const refusal = refusalOf(address, guard)
  if (refusal !== null) return { address, refusal }
  for (const list of guard.allowed) {
    const allowed = list.touches(address)
    if (allowed) return { address, refusal: 'ignored', allowed }
  }
  return { address, refusal: null }
}

function refusalOf(address: Address, { session, host }: BanGuard) {
  // it would touch everything else as well
  if (isVeryWide(address)) return 'too_wide'
  if (session.touches(address)) return 'own_session'
  if (loopback.touches(address)) return 'loopback'
  if (host.touches(address)) return 'this_host'
  return isLocal(address) || local.touches(address) ? 'private' : null
}

const isLocal = (address: Address) =>
  localKinds.has(address.kind) && !benchmarking.some((network) => contains(network, address))

const sentences: Record<BanRefusal, string> = {
  invalid: 'Not a valid address or network.',
  whole_family:
    'fail2ban cannot ban a network of length 0: it would ban the single address 0.0.0.0 or :: instead.',
  own_session: 'This is your own address; you would lock yourself out.',
  this_host: 'This is an address of the server that fail2ban runs on.',
  loopback: 'This is a loopback address: the server itself.',
  private: 'This is a private, local or reserved address.',
  ignored: 'The jail’s ignore list contains it.',
  too_wide: 'The network is too wide: at most /8 for IPv4 and /16 for IPv6.',
  cancelled: 'Cancelled before this address was banned.',
  unknown: 'Unknown whether it is banned.',
}

/** Why an address was refused, for people; with the note of the entry that allows it. */
export const refusalText = (refusal: BanRefusal, allowed?: Allowed): string =>
  allowed?.source === 'bangui' ? allowedText(allowed) : sentences[refusal]

function allowedText({ entry, note, by }: Allowed): string {
  const why = note === null ? '' : ` “${showHidden(note)}”`
  return `The allow list has ${entry}, added by ${showHidden(by ?? '')}${why === '' ? '' : `:${why}`}.`
}

/** Addresses and networks, to be asked whether another one touches them. */
export interface AddressSet {
  /** Returns whether an address is in the set, or a network contains one that is. */
  touches(address: Address): boolean
}

/** Creates a set of the addresses and networks among texts; others, such as host names, are left out. */
export function createAddressSet(texts: Iterable<string>): AddressSet {
  const members = [...texts].flatMap((text) => parseAddress(text) ?? [])
  const ranges = members.map(keyRangeOf)
  const coverOf = createCover(members)
  return {
    touches(address) {
      if (coverOf(address).length > 0) return true
      if (!isNetwork(address)) return false
      const { from, to } = keyRangeOf(address)
      return ranges.some(
        (range) => Buffer.compare(range.from, to) <= 0 && Buffer.compare(from, range.to) <= 0,
      )
    },
  }
}

const isNetwork = ({ family, prefix }: Address) => prefix < (family === 4 ? 32 : 128)

/** Returns the addresses through which BanGUI is reached: those of its machine, its public URL and its proxies. */
export function ownAddresses({ publicUrl, trustProxy }: Pick<Config, 'publicUrl' | 'trustProxy'>): string[] {
  const host = publicUrl === null ? '' : new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '')
  return [...machineAddresses(), host, ...trustProxy]
}
