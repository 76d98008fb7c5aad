import { HOUR_MS } from '@bangui/shared'
import type { RecordedTimes } from '../reader-port.ts'
import type { Reading } from './reading.ts'
import { andHost, andJail } from './scope.ts'

/**
 * Returns since when bans and failures are recorded: since the archive was made, or since the first hour of what it began
 * with. The log reports bans and failures, fail2ban's own database bans only. A ban that was active when the archive was
 * made shows no history: fail2ban keeps a permanent one however old it is.
 */
export function recordedTimes(reading: Reading): RecordedTimes {
  const made = madeAt(reading)
  if (made === undefined) return { bans: 0, failures: 0 }
  const failures = Math.min(made, firstFailure(reading, made) ?? made)
  return { bans: Math.min(failures, firstEndedBan(reading, made) ?? made), failures }
}

/** When the archive was made; of hosts that were added later, when the first of them was. */
function madeAt(reading: Reading): number | undefined {
  const made = reading.get<{ at: number }>(
    `select applied_at as at from migrations where name = 'archive'`,
  )?.at
  if (made === undefined || reading.scope.hosts === null) return made
  const added = reading.get<{ at: number | null }>(
    `select min(created_at) as at from hosts where true ${andHost(reading, 'id')}`,
  )
  return Math.max(made, added?.at ?? 0)
}

/** Since when failures are recorded, where that is after a moment. */
export const failuresSince = (reading: Reading, moment: number): number | null =>
  ifAfter(recordedTimes(reading).failures, moment)

/** Since when bans are recorded, where that is after a moment. */
export const recordedSince = (reading: Reading, moment: number): number | null =>
  ifAfter(recordedTimes(reading).bans, moment)

const ifAfter = (since: number, moment: number) => (since > moment ? since : null)

/** The first hour before a time with a ban that ended before it, too; by the roll-ups, as ended bans are not kept for ever. */
function firstEndedBan(reading: Reading, before: number): number | undefined {
  return reading.get<{ start: number }>(
    `select h.start, sum(h.bans) as bans from jail_hours h where h.start < ? ${andJail(reading, 'h.jail_id')} group by h.start
     having bans > (
       select count(*) from bans b indexed by bans_at
       where b.at >= h.start and b.at < h.start + ${HOUR_MS} and (b.active = 1 or b.until is null or b.until > ?)
         ${andJail(reading)}
     ) order by h.start limit 1`,
    before,
    before,
  )?.start
}

/** The hour of the first failure before a time; by days first, of which there are few. */
function firstFailure(reading: Reading, before: number): number | undefined {
  const first = (table: string, from: number) =>
    reading.get<{ start: number }>(
      `select start from ${table} where start >= ? and start < ? and failures > 0 ${andJail(reading, 'jail_id')}
       order by start limit 1`,
      from,
      before,
    )?.start
  const day = first('jail_days', 0)
  return day === undefined ? undefined : first('jail_hours', day)
}
