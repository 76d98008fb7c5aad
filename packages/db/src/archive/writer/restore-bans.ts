import { addressKey } from '@bangui/shared'
import type { BanRestore } from '../archive.ts'
import { removeBan } from './ban-rows.ts'
import { inSlices } from './in-slices.ts'
import type { Store } from './store.ts'

/**
 * Makes bans that were put back after an unban the bans that they were: beginning, end, author, reason and count, and no
 * further ban in any sum. To fail2ban each began anew, and goes by that time. Returns the ids of those that were not in
 * force again yet.
 */
export async function restoreBans(store: Store, restores: readonly BanRestore[]): Promise<number[]> {
  const missing: number[] = []
  await inSlices(store, restores, {
    each: (restore) => {
      if (!restoreBan(store, restore)) missing.push(restore.id)
    },
  })
  return missing
}

function restoreBan(store: Store, { id, jail, address, until }: BanRestore): boolean {
  const { statements } = store
  const before = statements.banById.get(id)
  const again = statements.activeOfPair.get(store.jailIdOf(jail), addressKey(address))
  if (!before || !again || again.id === id || before.active === 1) return false
  // it is no ban of its own, so it is in no sum
  removeBan(store, again)
  statements.moveRestored.run(again.at, again.logged_at, again.confirmed, before.at, id)
  statements.setOwnEnd.run(again.own_until, id)
  const duration = until === null ? -1 : Math.max(1, Math.round((until - before.at) / 1000))
  statements.reviveBan.run(duration, until, id)
  return true
}
