import { sleep } from '@bangui/async'
import type { Ban } from '@bangui/shared'
import { findBanned } from '../bans/bans.service.ts'
import type { BanDeps } from '../bans/plan-ban.ts'

/** How often the archive is asked whether fail2ban's log has shown something, and how many times. */
const POLL_MS = 100
const MAX_POLLS = 30

type Pair = Pick<Ban, 'jail' | 'address'>

/** Returns the key of an address in a jail. */
export const pairOf = ({ jail, address }: Pair): string => JSON.stringify([jail, address])

/**
 * Returns the bans in force of these addresses by {@link pairOf}, once fail2ban's log has shown those that are to be shown: at the
 * latest after three seconds, and at once where the log is not read.
 */
export async function findBansOfLog<TItem extends Pair>(
  deps: Pick<BanDeps, 'archive' | 'state'>,
  items: readonly TItem[],
  isShown: (item: TItem, ban: Ban | undefined) => boolean,
): Promise<ReadonlyMap<string, Ban>> {
  const bans = await readBans(deps, items)
  for (let poll = 1; poll < MAX_POLLS && isLogRead(deps); poll += 1) {
    const missing = items.filter((item) => !isShown(item, bans.get(pairOf(item))))
    if (missing.length === 0) break
    await sleep(POLL_MS)
    for (const item of missing) bans.delete(pairOf(item))
    for (const [pair, ban] of await readBans(deps, missing)) bans.set(pair, ban)
  }
  return bans
}

const isLogRead = ({ state }: Pick<BanDeps, 'state'>) =>
  ['following', 'catching_up'].includes(state.get().watching.events.state)

async function readBans(deps: Pick<BanDeps, 'archive'>, items: readonly Pair[]): Promise<Map<string, Ban>> {
  const bans = new Map<string, Ban>()
  for (const [jail, ofJail] of Map.groupBy(items, (item) => item.jail)) {
    const addresses = [...new Set(ofJail.map(({ address }) => address))]
    for (const ban of (await findBanned(deps, jail, addresses)).values()) bans.set(pairOf(ban), ban)
  }
  return bans
}
