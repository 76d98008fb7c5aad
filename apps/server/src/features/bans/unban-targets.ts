import { pacedChunks } from '@bangui/async'
import { createCover, isJailName, parseAddress, type Address } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { listAllBans, type ByKind, type UnbanTarget } from './unban-chunks.ts'

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
