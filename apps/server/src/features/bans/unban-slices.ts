import { pacedChunks } from '@bangui/async'
import { JailUnknownError } from '@bangui/fail2ban'
import { parseAddress, type Address } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'

/** How many addresses are recorded and sent at once: pending rows expire after two minutes. */
const ADDRESSES_PER_CHUNK = 200

/** How many networks: for each chunk of them the host lists the bans of its jails. */
const NETWORKS_PER_CHUNK = 1_000

type ListDeps = Pick<Deps, 'host' | 'jails'>

/** Addresses in one jail; null: in every jail. */
export interface Part {
  readonly jail: string | null
  readonly addresses: readonly string[]
  /** most of it was unbanned before: what of it is not there counts for nothing @default false */
  readonly isRest?: boolean
}

/** Every ban that the daemon has, in one jail or in all. */
export async function everything(deps: ListDeps, jail: string | undefined): Promise<Part[]> {
  await deps.host.whenBansRestored()
  const jails =
    jail === undefined
      ? [...(await deps.host.countJailBans())].flatMap(([name, count]) => (count > 0 ? [name] : []))
      : [jail]
  const parts: Part[] = []
  for (const name of jails) {
    const bans = await listOf(deps, name, jail !== undefined)
    parts.push({ jail: name, addresses: [...new Set(bans.map(({ address }) => address))] })
  }
  return parts
}

async function listOf(deps: ListDeps, jail: string, isNamed: boolean) {
  try {
    return await deps.host.listJailBans(jail)
  } catch (error) {
    if (!(error instanceof JailUnknownError)) throw error
    // one of all that was stopped meanwhile has no bans any more
    if (isNamed) throw await jailNotThere(deps, jail, error)
    return []
  }
}

export interface UnbanSlice {
  readonly addresses: readonly string[]
  /** how many more addresses were not banned */
  readonly absent: number
}

/** Yields chunks of addresses that are unbanned at once; names come last, as many as are banned. */
export async function* unbanSlices(deps: ListDeps, part: Part): AsyncGenerator<UnbanSlice> {
  if (part.addresses.length <= ADDRESSES_PER_CHUNK) {
    yield { addresses: part.addresses, absent: 0 }
    return
  }
  const { plain, networks, names } = await byKind(part.addresses)
  for await (const addresses of pacedChunks(plain, ADDRESSES_PER_CHUNK)) yield { addresses, absent: 0 }
  for await (const slice of pacedChunks(networks, NETWORKS_PER_CHUNK))
    yield { addresses: slice.map(({ text }) => text), absent: 0 }
  // the host lists all bans for every slice with a name in it: not for names that are junk
  const there = names.length > ADDRESSES_PER_CHUNK ? await bannedOf(deps, part.jail, names) : names
  if (there.length < names.length) yield { addresses: [], absent: names.length - there.length }
  for await (const addresses of pacedChunks(there, ADDRESSES_PER_CHUNK)) yield { addresses, absent: 0 }
}

/** Addresses to unban, canonical and each once. */
export interface ByKind {
  readonly plain: readonly string[]
  readonly networks: readonly Address[]
  /** texts that are no addresses: fail2ban bans those as well */
  readonly names: readonly string[]
}

/** Returns the addresses, the networks and the names among texts. */
export async function byKind(
  texts: readonly string[],
  read: (text: string) => Address | undefined = parseAddress,
): Promise<ByKind> {
  const plain = new Set<string>()
  const networks = new Map<string, Address>()
  const names = new Set<string>()
  for await (const slice of pacedChunks(texts, 5_000))
    for (const text of slice) {
      const address = read(text)
      if (address === undefined) names.add(text)
      else if (address.text.includes('/')) networks.set(address.text, address)
      else plain.add(address.text)
    }
  return { plain: [...plain], networks: [...networks.values()], names: [...names] }
}

async function bannedOf(deps: ListDeps, jail: string | null, names: readonly string[]): Promise<string[]> {
  const banned = new Set<string>()
  for (const { addresses } of await everything(deps, jail ?? undefined))
    for (const address of addresses) banned.add(address)
  return names.filter((name) => banned.has(name))
}
