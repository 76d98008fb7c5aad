import { createCover, parseAddress, type Covered, type CoveredAddress } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { ByKind } from './unban-targets.ts'

/** How many covered addresses are named. */
const MAX_SHOWN = 100

type CoverDeps = Pick<HostDeps, 'archive' | 'log'>

/** Returns the number of `covers`, and the first of them; undefined: there is none. */
export function toCovered(covers: readonly CoveredAddress[]): Covered | undefined {
  if (covers.length === 0) return undefined
  return { count: new Set(covers.map(({ address }) => address)).size, some: covers.slice(0, MAX_SHOWN) }
}

/** Returns whether a ban is of the address itself in the jail, and not another one that covers it. */
export const isOwn =
  (jail: string) =>
  ({ address, by }: CoveredAddress): boolean =>
    by.address === address && by.jail === jail

/** Returns the other bans that cover addresses which were banned in a jail. Never rejects: the bans were made anyway. */
export async function coveredBesides(
  deps: CoverDeps,
  jail: string,
  addresses: readonly string[],
): Promise<Covered | undefined> {
  const isOfJail = isOwn(jail)
  return toCovered((await coversOf(deps, addresses)).filter((cover) => !isOfJail(cover)))
}

/**
 * Returns the bans that still cover addresses after they were unbanned in a jail; undefined: in all jails. The ended bans
 * themselves may be on record for a moment longer, and do not count. Never rejects.
 */
export async function stillCovered(
  deps: CoverDeps,
  jail: string | undefined,
  { plain, networks, names }: ByKind,
): Promise<Covered | undefined> {
  const endedBy = createCover(networks)
  const isEnded = ({ address, by }: CoveredAddress) => {
    if (jail !== undefined && by.jail !== jail) return false
    const parsed = parseAddress(by.address)
    return by.address === address || (parsed !== undefined && endedBy(parsed).length > 0)
  }
  const named = [...plain, ...networks.map(({ text }) => text), ...names]
  return toCovered((await coversOf(deps, named)).filter((cover) => !isEnded(cover)))
}

async function coversOf(
  { archive, log }: CoverDeps,
  addresses: readonly string[],
): Promise<CoveredAddress[]> {
  try {
    return await archive.findCovers(addresses)
  } catch (error) {
    log.warn(
      { event: 'covers_not_found', err: error },
      'other bans of these addresses could not be looked up',
    )
    return []
  }
}
