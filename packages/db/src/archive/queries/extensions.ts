import { MANUAL_JAIL, type Ban, type Origin } from '@bangui/shared'
import { codesOf } from '../author-code.ts'
import { joinJail } from './ban-rows.ts'
import type { SqlCondition } from './filter.ts'

/*
 * A ban in the jail for manual bans can make another ban of the same address and host last longer: lists show both as one row.
 */

/** When a permanent ban ends, for an order: after all others. */
export const NEVER = Number.MAX_SAFE_INTEGER

/** The bans in force. The planner would rather walk ten million bans in order than sort these. */
export const inForce = 'bans b indexed by bans_active'

/** The ids of the jails for manual bans, one of each host. */
export const manualJails = `(select id from archive_jails where name = '${MANUAL_JAIL}')`

/** The ends of all bans in the jails for manual bans: read once, however many bans are sorted. */
export const extensions = `with extensions as materialized (
  select b.address, j.host_id, max(coalesce(b.until, ${NEVER})) as until
  from ${inForce} ${joinJail} where b.active = 1 and b.jail_id in ${manualJails} group by b.address, j.host_id)`

/** Joins {@link extensions} to `bans b` and `archive_jails j`. */
export const joinExtension = 'left join extensions e on e.address = b.address and e.host_id = j.host_id'

/** When the address of a ban is free again, with {@link joinExtension}. */
export const extensionEnd = `max(coalesce(b.until, ${NEVER}), coalesce(e.until, 0))`

/** Leaves out the bans in the jail for manual bans that are shown with another one, which is of that origin. */
export const withoutExtensions = (origin?: Origin): SqlCondition => ({
  conditions: [
    `not (b.jail_id in ${manualJails} and exists (
      select 1 from bans o indexed by bans_identity join archive_jails oj on oj.id = o.jail_id
      where o.address = b.address and o.active = 1 and o.jail_id not in ${manualJails}
        ${origin === undefined ? '' : `and o.origin ${codesOf(origin).condition}`}
        and oj.host_id = (select m.host_id from archive_jails m where m.id = b.jail_id)))`,
  ],
  parameters: [],
})

/** Returns bans without those in the jail for manual bans that make another one last longer: these are its extension. */
export function mergeExtensions(bans: readonly Ban[]): Ban[] {
  const keyOf = ({ host = '', address }: Ban) => `${host} ${address}`
  const isManual = ({ jail }: Ban) => jail === MANUAL_JAIL
  const others = new Set(bans.filter((ban) => !isManual(ban)).map(keyOf))
  const manual = new Map(bans.filter(isManual).map((ban) => [keyOf(ban), ban]))
  return bans.flatMap((ban) => {
    if (isManual(ban)) return others.has(keyOf(ban)) ? [] : [ban]
    const longer = manual.get(keyOf(ban))
    if (!longer) return [ban]
    const { jail, until, reason } = longer
    return [{ ...ban, extension: { jail, until, reason } }]
  })
}
