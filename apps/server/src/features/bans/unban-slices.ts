import { createNetworkMatcher, JailUnknownError } from '@bangui/fail2ban'
import { parseAddress, type UnbanInput } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import { inSlices } from './slices.ts'

/** How many are recorded and handed to the host at once: who unbans is remembered for two minutes only. */
const SLICE = 200

/** Networks, for which the host lists the bans of its jails each time. */
const NETWORKS = 1_000

type ListDeps = Pick<Deps, 'host' | 'jails'>

/** Addresses in one jail; null: in every jail. */
export interface Part {
  readonly jail: string | null
  readonly addresses: readonly string[]
}

/** What is to be unbanned. */
export interface Wanted {
  readonly parts: readonly Part[]
  /** how many of what somebody named holds no ban */
  readonly absent: number
}

/**
 * What somebody named, each once; for a network, the bans that the daemon has inside it. Each is recorded shortly before
 * it ends, however many there are.
 */
export async function named(deps: ListDeps, { addresses, jail }: UnbanInput): Promise<Wanted> {
  // fail2ban bans what is no address as well: that goes by its name
  const texts = addresses.map((text) => parseAddress(text.trim())?.text ?? text)
  const { plain, networks, names } = await byKind([...new Set(texts)])
  const held = await heldBy(deps, networks, { jail, except: new Set(plain) })
  return {
    parts: [{ jail: jail ?? null, addresses: [...plain, ...names] }, ...held.parts],
    absent: held.absent,
  }
}

interface Search {
  readonly jail: string | undefined
  /** addresses that were named themselves */
  readonly except: ReadonlySet<string>
}

async function heldBy(
  deps: ListDeps,
  networks: readonly string[],
  { jail, except }: Search,
): Promise<Wanted> {
  if (networks.length === 0) return { parts: [], absent: 0 }
  const holdersOf = createNetworkMatcher(networks.flatMap((text) => parseAddress(text) ?? []))
  const hit = new Set<string>()
  const isHeld = (text: string) => {
    const address = parseAddress(text)
    const holders = address === undefined ? [] : holdersOf(address)
    for (const holder of holders) hit.add(holder)
    return holders.length > 0 && !except.has(text)
  }
  const parts: Part[] = []
  for (const part of await everything(deps, jail)) {
    const held: string[] = []
    for await (const slice of inSlices(part.addresses, 2_000)) held.push(...slice.filter(isHeld))
    if (held.length > 0) parts.push({ jail: part.jail, addresses: held })
  }
  return { parts, absent: networks.length - hit.size }
}

/** Every ban that the daemon has, in one jail or in all. */
export async function everything(deps: ListDeps, jail: string | undefined): Promise<Part[]> {
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
  /** how many more were looked for and are not there */
  readonly absent: number
}

/** Cuts a part into what is unbanned at once: names come last, as many as there are bans of. */
export async function* unbanSlices(deps: ListDeps, part: Part): AsyncGenerator<UnbanSlice> {
  if (part.addresses.length <= SLICE) {
    yield { addresses: part.addresses, absent: 0 }
    return
  }
  const { plain, networks, names } = await byKind(part.addresses)
  for await (const addresses of inSlices(plain, SLICE)) yield { addresses, absent: 0 }
  for await (const addresses of inSlices(networks, NETWORKS)) yield { addresses, absent: 0 }
  // the host lists all bans for every slice with a name in it: not for names that are junk
  const there = names.length > SLICE ? await bannedOf(deps, part.jail, names) : names
  if (there.length < names.length) yield { addresses: [], absent: names.length - there.length }
  for await (const addresses of inSlices(there, SLICE)) yield { addresses, absent: 0 }
}

async function byKind(texts: readonly string[]) {
  const kinds = { plain: [] as string[], networks: [] as string[], names: [] as string[] }
  for await (const slice of inSlices(texts, 5_000))
    for (const text of slice) {
      const isAddress = parseAddress(text) !== undefined
      kinds[isAddress ? (text.includes('/') ? 'networks' : 'plain') : 'names'].push(text)
    }
  return kinds
}

async function bannedOf(deps: ListDeps, jail: string | null, names: readonly string[]): Promise<string[]> {
  const banned = new Set<string>()
  for (const { addresses } of await everything(deps, jail ?? undefined))
    for (const address of addresses) banned.add(address)
  return names.filter((name) => banned.has(name))
}
