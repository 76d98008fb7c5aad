import { createHash } from 'node:crypto'
import { listIgnores } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { createCover, keyRangeOf, parseAddress, parseIgnorable, type Address } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

/** Why an address must not be banned: an entry of BanGUI's allow list, or of the list that the jail has from its configuration. */
export interface Allowed {
  /** the address, network or host name of the entry */
  readonly entry: string
  readonly source: 'bangui' | 'config'
  /** of an entry of BanGUI; null: it has none, or is not BanGUI's */
  readonly note: string | null
  readonly by: string | null
}

/** What must not be banned in a jail. */
export interface AllowList {
  /** Returns the entry that covers an address, or all of a network. */
  covers(address: Address): Allowed | undefined
  /** Returns the entry that covers an address or lies in a network: a ban of it would hit what is allowed. */
  touches(address: Address): Allowed | undefined
  /** the addresses and networks of the entries */
  readonly addresses: readonly Address[]
  /** a hash of the entries: another one after each change of what is covered */
  readonly version: string
  /** sentences about what keeps BanGUI from knowing everything that the jail ignores */
  readonly warnings: readonly string[]
}

export type AllowListDeps = Pick<HostDeps, 'hostDb' | 'host' | 'clock'>

/** How many host names are resolved at once. */
const MAX_NAMES = 100

/**
 * Returns what must not be banned in a jail: the entries of BanGUI, and what the jail ignores if it runs. fail2ban makes the bans
 * that it is asked for although its ignore list has the address, so host names count with the addresses that they have now.
 * `isComplete: false`: where BanGUI's database cannot be read, what the jail ignores is enough, which has the entries as well.
 */
export async function allowListOf(
  { hostDb, host, clock }: AllowListDeps,
  jail: string,
  { isComplete = true }: { readonly isComplete?: boolean } = {},
): Promise<AllowList> {
  const reading = ownEntries({ hostDb, clock }, jail)
  const own = await (isComplete ? reading : reading.catch(() => []))
  const ignored = await ignoredBy(host, jail)
  const others = ignored.entries.map((entry) => ({ entry, source: 'config', note: null, by: null }) as const)
  const entries = [...own, ...others]
  const addressesOf = await resolveNames(host, entries)
  return createAllowList(entries, { warnings: ignored.warnings, addressesOf })
}

/** Returns the addresses of the host names among entries. A name that does not resolve has none. */
async function resolveNames(
  host: AllowListDeps['host'],
  entries: readonly Allowed[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const isName = ({ entry }: Allowed) => parseIgnorable(entry)?.address === null
  const names = [...new Set(entries.filter(isName).map(({ entry }) => entry))].slice(0, MAX_NAMES)
  const found = names.length === 0 ? [] : await host.ignores.resolve(names).catch(() => [])
  return new Map(found.map(({ name, addresses }) => [name, addresses]))
}

/** Returns what BanGUI's own entries allow in a jail, without asking fail2ban. */
export async function ownEntries(
  { hostDb, clock }: Pick<AllowListDeps, 'hostDb' | 'clock'>,
  jail: string,
): Promise<Allowed[]> {
  const now = clock()
  return (await listIgnores(hostDb))
    .filter((entry) => (entry.jail ?? jail) === jail && (entry.expiresAt === null || entry.expiresAt > now))
    .map(({ address: entry, note, by }) => ({ entry, source: 'bangui', note, by }) as const)
}

/** A jail that does not run ignores nothing. */
async function ignoredBy(host: AllowListDeps['host'], jail: string) {
  try {
    const { entries, files } = await host.jails.getIgnoreList(jail)
    return {
      entries: [...entries, ...files.flatMap(({ addresses }) => addresses)],
      warnings: files.flatMap(({ problem }) => problem ?? []),
    }
  } catch (error) {
    if (!isHostError(error, 'jail_unknown')) throw error
    return { entries: [], warnings: [] }
  }
}

export interface AllowListOptions {
  readonly warnings?: readonly string[]
  /** the addresses of host names; a name without any covers nothing */
  readonly addressesOf?: ReadonlyMap<string, readonly string[]>
}

/** Creates an allow list; of several entries for the same addresses, the first one counts. */
export function createAllowList(
  allowed: readonly Allowed[],
  { warnings = [], addressesOf = new Map<string, readonly string[]>() }: AllowListOptions = {},
): AllowList {
  const entries = new Map<string, Allowed>()
  for (const each of allowed)
    for (const text of addressesOf.get(each.entry) ?? [each.entry]) {
      const address = parseAddress(text)
      if (address && !entries.has(address.text)) entries.set(address.text, each)
    }
  const members = [...entries.keys()].flatMap((text) => parseAddress(text) ?? [])
  const coverOf = createCover(members)
  const ranges = members.map((member) => ({ text: member.text, from: keyRangeOf(member).from }))
  const covers = (address: Address) => {
    // the narrowest says most about why
    const text = coverOf(address).at(-1)
    return text === undefined ? undefined : entries.get(text)
  }
  return {
    covers,
    touches(address) {
      const found = covers(address)
      if (found !== undefined || address.prefix === (address.family === 4 ? 32 : 128)) return found
      // networks that overlap contain one another
      const { from, to } = keyRangeOf(address)
      const isInside = (key: Uint8Array) => Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) <= 0
      const inside = ranges.find((range) => isInside(range.from))
      return inside && entries.get(inside.text)
    },
    addresses: members,
    version: createHash('sha256')
      .update([...entries.keys()].toSorted().join('\n'))
      .digest('hex'),
    warnings: [...new Set(warnings)],
  }
}
