import {
  type Ban,
  type BanList,
  type ChangeResult,
  type Covered,
  type CoveredAddress,
  type ListBansInput,
  type LostBans,
  MANUAL_JAIL,
  type Origin,
  createCover,
  parseAddress,
  parseSearch,
} from '@bangui/shared'
import type { HostDeps, ScopeDeps } from '../../deps.ts'
import { withHostKey } from '../../hosts/with-host-key.ts'
import { forgetLost } from '../events/lost-bans.ts'
import { type ApplyDeps, type ChangeRequest, makeChange, withoutId } from '../jails/make-change.ts'
import { pacedChunks } from '@bangui/async'
import type { BanFilter } from '@bangui/db'
import type { ByKind } from './unban-targets.ts'

type ListDeps = Pick<ScopeDeps, 'archive' | 'scope' | 'isAll'>

/** One page of the bans in force. */
export async function listBans(deps: ListDeps, input: ListBansInput): Promise<BanList> {
  const filter = banFilterOf(input)
  if (!filter) return { rows: [], total: 0, nextCursor: null }
  const page = await deps.archive.listActive({
    filter,
    sort: input.sort ?? '-since',
    cursor: input.cursor ?? null,
    offset: input.offset ?? 0,
    limit: input.limit,
  })
  return { ...page, rows: withHostKey(deps, page.rows) }
}

/** Bans in force by jail, most first. */
export async function countBans(deps: Pick<HostDeps, 'archive'>): Promise<{ jail: string; count: number }[]> {
  const counts = [...(await deps.archive.countActive())].map(([jail, count]) => ({ jail, count }))
  return counts.toSorted((one, other) => other.count - one.count || (one.jail < other.jail ? -1 : 1))
}

/** Returns the bans that a crash of the daemon lost, as long as nobody has restored or dismissed them. */
export const findLostBans = (deps: Pick<HostDeps, 'state'>): LostBans | null => deps.state.get().lostBans

/** They are not to be banned again. */
export const dismissLost = (deps: Pick<HostDeps, 'archive' | 'state' | 'clock'>): Promise<void> =>
  forgetLost(deps)

/** Sets up the jail `bangui`, for manual bans that last longer than a jail's own. */
export async function setUpManualJail(
  deps: ApplyDeps,
  by: Pick<ChangeRequest, 'operationId' | 'confirmer'>,
): Promise<ChangeResult> {
  const title = `Setting up jail ${MANUAL_JAIL}`
  return withoutId(await makeChange(deps, { edits: [{ kind: 'manual_jail' }], title, ...by }))
}

/** The bans in force of exactly these addresses in a jail, as far as BanGUI knows. */
export async function findBanned(
  { archive }: Pick<HostDeps, 'archive'>,
  jail: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Ban>> {
  const found = new Map<string, Ban>()
  for await (const chunk of pacedChunks(addresses, 1_000))
    for (const ban of await archive.findActive(chunk, { exactly: true }))
      if (ban.jail === jail) found.set(ban.address, ban)
  return found
}

/** Returns the filter of a list of bans from its jail, its origin and search text; undefined: nothing can match. */
export function banFilterOf(input: {
  readonly jail?: string | undefined
  readonly search?: string | undefined
  readonly origin?: Origin | undefined
}): BanFilter | undefined {
  const search = parseSearch(input.search ?? '')
  // where nothing of it is understood, every ban would look like an answer
  if (search.problem !== undefined && Object.keys(search).length === 1) return undefined
  if (input.jail !== undefined && search.jail !== undefined && input.jail !== search.jail) return undefined
  const jail = input.jail ?? search.jail
  const { text, country, addresses } = search
  return { jail, text, country, addresses, origin: input.origin }
}

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
