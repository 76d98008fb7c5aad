import { nextTurn } from '@bangui/async'
import { endOf, isOver } from './ban-identity.ts'
import { setAuthor } from './author.ts'
import { removeBan } from './ban-rows.ts'
import type { BanRow, DoubleRow } from './rows.ts'
import type { Store } from './store.ts'

/** Where the id is kept up to which bans were looked at. */
const CURSOR_NAME = 'doubles_looked_at'
/** Ids that one transaction looks at: some milliseconds. */
const IDS_PER_STEP = 1_000
/** fail2ban writes its record of a ban some time after the log line: newer bans are left alone; milliseconds. */
const UNCONFIRMED_FOR_MS = 60_000
const QUARTER_MS = 15 * 60_000
/** A line comes so long after the failure that its ban begins with, or before it: both are rounded. */
const LINE_DELAY_MS = 5_000
const ROUNDING_MS = 2_000

/**
 * Prepares merging bans that were stored twice because log lines were read in a wrong time zone: one ban that is only
 * in the log, and one that is only in fail2ban's database, a few quarters of an hour apart. Each call checks the bans
 * that are new since the last call and no longer changing; returns how many were merged.
 */
export function createHealing(store: Store): () => Promise<number> {
  const { statements, cursors, transaction } = store
  const look = () => ({ id: statements.newestId.get() ?? 0, at: performance.now() })
  let reached = Number(cursors.get(CURSOR_NAME) ?? 0)
  let mark = look()
  let isOld = true
  return async () => {
    isOld ||= performance.now() >= mark.at + UNCONFIRMED_FOR_MS
    if (!isOld) return 0
    let healed = 0
    while (reached < mark.id) {
      const range = { after: reached, upTo: Math.min(reached + IDS_PER_STEP, mark.id) }
      healed += transaction(() => {
        cursors.set(CURSOR_NAME, String(range.upTo))
        return healDoubles(store, statements.doubles.all(range))
      })
      reached = range.upTo
      await nextTurn()
    }
    mark = look()
    isOld = false
    return healed
  }
}

/** `logged` is a ban at a time that is wrong by the difference of two zones, `recorded` the same one at its time. */
function healDoubles(store: Store, found: readonly DoubleRow[]): number {
  const used = new Set<number>()
  for (const { logged, recorded, apart } of found.toSorted((one, other) => restOf(one) - restOf(other))) {
    if (used.has(logged) || used.has(recorded) || !isDouble(apart)) continue
    const [line, record] = [store.statements.banById.get(logged), store.statements.banById.get(recorded)]
    // one of another host is left to its own healing
    if (!line || !record || !store.isOwnJail(line.jail_id)) continue
    used.add(logged).add(recorded)
    merge(store, line, record)
  }
  return used.size / 2
}

/** How far two times are from being some quarters of an hour apart. */
const restOf = ({ apart }: Pick<DoubleRow, 'apart'>): number =>
  Math.abs(apart - Math.round(apart / QUARTER_MS) * QUARTER_MS)

function isDouble(apart: number): boolean {
  const quarters = Math.floor((apart + ROUNDING_MS) / QUARTER_MS)
  return quarters !== 0 && apart - quarters * QUARTER_MS <= LINE_DELAY_MS
}

/** Gives the record what only the line knew, and takes the other ban away. */
function merge(store: Store, logged: BanRow, record: BanRow): void {
  const { statements } = store
  const wrongBy = Math.round((logged.at - record.at) / QUARTER_MS) * QUARTER_MS
  removeBan(store, logged)
  statements.setLogged.run((logged.logged_at ?? logged.at) - wrongBy, record.id)
  statements.lowerTimes.run(record.address, record.jail_id, Math.min(logged.at, record.at))
  // an end that is BanGUI's was counted from the same wrong clock
  const ownUntil = logged.own_until === null ? null : logged.own_until - wrongBy
  statements.setOwnEnd.run(ownUntil, record.id)
  if (logged.by_kind !== 'fail2ban' && logged.by_kind !== 'unknown') setAuthor(store, record, logged)
  // that one was there twice has ended one of both
  if (record.active === 0 && record.end_reason === 'unknown')
    restoreEnd(store, logged, { record, wrongBy, ownUntil })
}

interface Restored {
  readonly record: BanRow
  readonly wrongBy: number
  readonly ownUntil: number | null
}

function restoreEnd(
  { statements, clock }: Store,
  logged: BanRow,
  { record, wrongBy, ownUntil }: Restored,
): void {
  const duration = ownUntil === null ? record.duration : logged.duration
  const end = ownUntil ?? endOf(record.at, duration)
  if (
    logged.active === 0 &&
    logged.until !== null &&
    logged.end_reason !== 'unknown' &&
    logged.end_reason !== 'expired'
  ) {
    statements.endBan.run(Math.max(record.at, logged.until - wrongBy), logged.end_reason, null, record.id)
  } else if (isOver(end, clock())) statements.endBan.run(end ?? record.at, 'expired', null, record.id)
  else statements.reviveBan.run(duration, end, record.id)
}
