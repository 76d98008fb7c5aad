import { createHash } from 'node:crypto'
import { listIgnores } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { createCover, keyRangeOf, parseAddress, type Address } from '@bangui/shared'
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

/** Returns what must not be banned in a jail: the entries of BanGUI, and what the jail ignores if it runs. */
export async function allowListOf({ hostDb, host, clock }: AllowListDeps, jail: string): Promise<AllowList> {
  const own = await ownEntries({ hostDb, clock }, jail)
  const ignored = await ignoredBy(host, jail)
  const others = ignored.entries.map((entry) => ({ entry, source: 'config', note: null, by: null }) as const)
  return createAllowList([...own, ...others], ignored.warnings)
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

/** Creates an allow list; of several entries for the same addresses, the first one counts. Host names cover nothing. */
export function createAllowList(allowed: readonly Allowed[], warnings: readonly string[] = []): AllowList {
  const entries = new Map<string, Allowed>()
  for (const each of allowed) {
    const address = parseAddress(each.entry)
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
