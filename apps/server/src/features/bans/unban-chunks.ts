import { pacedChunks } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import { parseAddress, type Address } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'

/** How many addresses are recorded and sent at once. */
const ADDRESSES_PER_CHUNK = 200

/** How many networks: for each chunk of them the host lists the bans of its jails. */
const NETWORKS_PER_CHUNK = 1_000

type ListDeps = Pick<HostDeps, 'host' | 'jails'>

/** Addresses in one jail; null: in every jail. */
export interface UnbanTarget {
  readonly jail: string | null
  readonly addresses: readonly string[]
  /** most of it was unbanned before: addresses that are not banned do not count @default false */
  readonly isRest?: boolean
}

/** Returns every ban of the daemon, in one jail or in all. */
export async function listAllBans(deps: ListDeps, jail: string | undefined): Promise<UnbanTarget[]> {
  await deps.host.daemon.whenBansRestored()
  const jails =
    jail === undefined
      ? (await deps.host.bans.count()).flatMap(([name, count]) => (count > 0 ? [name] : []))
      : [jail]
  const targets: UnbanTarget[] = []
  for (const name of jails) {
    const bans = await listOf(deps, name, jail !== undefined)
    targets.push({ jail: name, addresses: [...new Set(bans.map(({ address }) => address))] })
  }
  return targets
}

async function listOf(deps: ListDeps, jail: string, isNamed: boolean) {
  try {
    return await deps.host.bans.list(jail)
  } catch (error) {
    if (!isHostError(error, 'jail_unknown')) throw error
    // a jail that was stopped meanwhile has no bans any more
    if (isNamed) throw await jailNotThere(deps, jail, error)
    return []
  }
}

export interface UnbanChunk {
  readonly addresses: readonly string[]
  /** how many more addresses were not banned */
  readonly absent: number
}

/** Yields chunks of addresses that are unbanned at once; names come last, as many as are banned. */
export async function* unbanChunks(deps: ListDeps, target: UnbanTarget): AsyncGenerator<UnbanChunk> {
  if (target.addresses.length <= ADDRESSES_PER_CHUNK) {
    yield { addresses: target.addresses, absent: 0 }
    return
  }
  const { plain, networks, names } = await splitByKind(target.addresses)
  for await (const addresses of pacedChunks(plain, ADDRESSES_PER_CHUNK)) yield { addresses, absent: 0 }
  for await (const chunk of pacedChunks(networks, NETWORKS_PER_CHUNK))
    yield { addresses: chunk.map(({ text }) => text), absent: 0 }
  // the host lists all bans for every chunk with a name: names that are not banned are dropped before
  const there = names.length > ADDRESSES_PER_CHUNK ? await bannedOf(deps, target.jail, names) : names
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
export async function splitByKind(
  texts: readonly string[],
  read: (text: string) => Address | undefined = parseAddress,
): Promise<ByKind> {
  const plain = new Set<string>()
  const networks = new Map<string, Address>()
  const names = new Set<string>()
  for await (const chunk of pacedChunks(texts, 5_000))
    for (const text of chunk) {
      const address = read(text)
      if (address === undefined) names.add(text)
      else if (address.text.includes('/')) networks.set(address.text, address)
      else plain.add(address.text)
    }
  return { plain: [...plain], networks: [...networks.values()], names: [...names] }
}

async function bannedOf(deps: ListDeps, jail: string | null, names: readonly string[]): Promise<string[]> {
  const banned = new Set<string>()
  for (const { addresses } of await listAllBans(deps, jail ?? undefined))
    for (const address of addresses) banned.add(address)
  return names.filter((name) => banned.has(name))
}
