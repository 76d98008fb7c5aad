import { pacedChunks } from '@bangui/async'
import { createCover, isJailName, parseAddress, type Address } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { everything, type ByKind, type Part } from './unban-slices.ts'

/** The addresses to unban, by jail. */
export interface UnbanParts {
  readonly parts: readonly Part[]
  /** how many of what was named ends no ban of its own */
  readonly absent: number
}

type PartsDeps = Pick<Deps, 'host' | 'jails'>

/**
 * What somebody named; of a network, the bans that the daemon has inside it: so each is recorded shortly before it ends,
 * however many there are. @throws AppError jail_unknown, jail_not_running, Fail2banUnavailableError
 */
export async function partsOf(
  deps: PartsDeps,
  { plain, networks, names }: ByKind,
  jail: string | undefined,
): Promise<UnbanParts> {
  const named: Part[] = [{ jail: jail ?? null, addresses: [...plain, ...names] }]
  if (networks.length === 0) return { parts: named, absent: 0 }
  const { parts, absent } = await heldBy(networks, await everything(deps, jail), new Set(plain))
  const rest = jail === undefined && (await hasStrangeJails(deps)) ? [restOf(networks)] : []
  return { parts: [...named, ...parts, ...rest], absent }
}

/** The bans inside networks, but for addresses that were named themselves; each stands for one network at most. */
async function heldBy(
  networks: readonly Address[],
  bans: readonly Part[],
  except: ReadonlySet<string>,
): Promise<UnbanParts> {
  const holdersOf = createCover(networks)
  const hit = new Set<string>()
  const isHeld = (text: string) => {
    const address = except.has(text) ? undefined : parseAddress(text)
    const holders = address === undefined ? [] : holdersOf(address)
    const next = holders.find((holder) => !hit.has(holder))
    if (next !== undefined) hit.add(next)
    return holders.length > 0
  }
  const parts: Part[] = []
  for (const { jail, addresses } of bans) {
    const held: string[] = []
    for await (const slice of pacedChunks(addresses, 2_000)) held.push(...slice.filter(isHeld))
    if (held.length > 0) parts.push({ jail, addresses: held })
  }
  return { parts, absent: networks.length - hit.size }
}

/** Returns whether a jail with an invalid name has bans: they can only be ended in all jails at once. */
const hasStrangeJails = async ({ host }: PartsDeps): Promise<boolean> =>
  [...(await host.countJailBans())].some(([name, count]) => count > 0 && !isJailName(name))

const restOf = (networks: readonly Address[]): Part => ({
  jail: null,
  addresses: networks.map(({ text }) => text),
  isRest: true,
})
