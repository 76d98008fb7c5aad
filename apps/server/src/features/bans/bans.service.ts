import {
  MANUAL_JAIL,
  type BanList,
  type ChangeResult,
  type ListBansInput,
  type LostBans,
} from '@bangui/shared'
import type { HostDeps, ScopeDeps } from '../../deps.ts'
import { withHostKey } from '../../hosts/with-host-key.ts'
import { forgetLost } from '../events/lost-bans.ts'
import { makeChange, nothingToDo, type ApplyDeps } from '../jails/make-change.ts'
import { banFilterOf } from './ban-filter.ts'

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
export async function setUpManualJail(deps: ApplyDeps, operationId: string): Promise<ChangeResult> {
  const title = `Setting up jail ${MANUAL_JAIL}`
  return (await makeChange(deps, { edits: [{ kind: 'manual_jail' }], title, operationId })) ?? nothingToDo
}
