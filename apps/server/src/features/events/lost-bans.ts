import type { Pair } from '@bangui/db'
import { parseAddress, type LostBans, type StoredEvent } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

type LostDeps = Pick<HostDeps, 'archive' | 'state' | 'clock'>

/**
 * Stores the bans that the daemon had before it went offline and does not have since. An event counts once: given again,
 * it adds nothing.
 */
export async function rememberLost(deps: LostDeps, events: readonly StoredEvent[]): Promise<void> {
  const at = deps.clock()
  const lost = events.flatMap(({ seq, event }) =>
    event.type === 'ban.removed' && event.reason === 'lost' && parseAddress(event.address)
      ? [{ seq, at, jail: event.jail, address: event.address }]
      : [],
  )
  if (lost.length > 0) await show(deps, await deps.archive.addLostBans(lost))
}

/** Removes lost bans that are active again, because somebody banned them again or fail2ban restored them late. */
export async function forgetBanned(deps: LostDeps, events: readonly StoredEvent[]): Promise<void> {
  if (deps.state.get().lostBans === null) return
  const banned = events.flatMap(({ event }) =>
    event.type === 'ban.added' ? [{ jail: event.jail, address: event.address }] : [],
  )
  if (banned.length > 0) await forgetLost(deps, banned)
}

/** Returns the lost bans that nobody has restored or dismissed. */
export const listLost = ({ archive }: Pick<HostDeps, 'archive'>): Promise<readonly Pair[]> =>
  archive.listLostBans()

/** Removes these bans, or all, which were restored or dismissed. Bans that were lost meanwhile stay. */
export async function forgetLost(deps: LostDeps, handled?: readonly Pair[]): Promise<void> {
  await show(deps, await deps.archive.removeLostBans(handled ?? null))
}

/** Puts the stored lost bans into the state, after a start. */
export async function restoreLost(deps: LostDeps): Promise<void> {
  const lostBans = await deps.archive.summariseLostBans()
  if (lostBans) await show(deps, lostBans)
}

async function show({ state }: LostDeps, lostBans: LostBans | null): Promise<void> {
  await state.update((current) => ({ ...current, lostBans }))
}
