import { pacedChunks } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import { createCover, isJailName, parseAddress, type Address } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'

/** The addresses to unban, by jail. */
export interface UnbanTargets {
  readonly targets: readonly UnbanTarget[]
  /** how many of the requested addresses end no ban of their own */
  readonly absent: number
}

type TargetsDeps = Pick<HostDeps, 'host' | 'jails'>

/**
 * Returns what to unban for requested addresses. For a network, these are the daemon's bans inside it: each is recorded
 * shortly before it ends, however many there are. @throws AppError jail_unknown, jail_not_running; HostError daemon_unavailable
 */
export async function findTargets(
  deps: TargetsDeps,
  { plain, networks, names }: ByKind,
  jail: string | undefined,
): Promise<UnbanTargets> {
  const named: UnbanTarget[] = [{ jail: jail ?? null, addresses: [...plain, ...names] }]
  if (networks.length === 0) return { targets: named, absent: 0 }
  const { targets, absent } = await findInside(networks, await listAllBans(deps, jail), new Set(plain))
  const rest = jail === undefined && (await hasInvalidJails(deps)) ? [remaining(networks)] : []
  return { targets: [...named, ...targets, ...rest], absent }
}

/** Returns the bans inside networks, except requested addresses. A ban counts for the first network that has none yet. */
async function findInside(
  networks: readonly Address[],
  bans: readonly UnbanTarget[],
  except: ReadonlySet<string>,
): Promise<UnbanTargets> {
  const holdersOf = createCover(networks)
  const hit = new Set<string>()
  const isInside = (text: string) => {
    const address = except.has(text) ? undefined : parseAddress(text)
    const holders = address === undefined ? [] : holdersOf(address)
    const next = holders.find((holder) => !hit.has(holder))
    if (next !== undefined) hit.add(next)
    return holders.length > 0
  }
  const targets: UnbanTarget[] = []
  for (const { jail, addresses } of bans) {
    const inside: string[] = []
    for await (const chunk of pacedChunks(addresses, 2_000)) inside.push(...chunk.filter(isInside))
    if (inside.length > 0) targets.push({ jail, addresses: inside })
  }
  return { targets, absent: networks.length - hit.size }
}

/** Returns whether a jail with an invalid name has bans: they can only be ended in all jails at once. */
const hasInvalidJails = async ({ host }: TargetsDeps): Promise<boolean> =>
  (await host.bans.count()).some(([name, count]) => count > 0 && !isJailName(name))

const remaining = (networks: readonly Address[]): UnbanTarget => ({
  jail: null,
  addresses: networks.map(({ text }) => text),
  isRest: true,
})

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
