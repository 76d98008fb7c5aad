import type { Reading } from './reading.ts'

/**
 * Since when failures are counted, where that is after a moment: since the archive is there, or the first hour of which the
 * log that it began with told one. fail2ban's own database, where older bans come from, keeps none.
 */
export function failuresSince(reading: Reading, moment: number): number | null {
  const made = reading.get<{ at: number }>(
    `select applied_at as at from migrations where name = 'archive'`,
  )?.at
  if (made === undefined || made <= moment) return null
  const since = Math.min(made, firstFailure(reading, made) ?? made)
  return since > moment ? since : null
}

/**
 * Since when anything is recorded, where that is after a moment: since the archive is there, or the hour of the first ban or
 * failure that it has, as fail2ban's own database and log reach further back. Before that, zero says nothing.
 */
export function recordedSince(reading: Reading, moment: number): number | null {
  const made = reading.get<{ at: number }>(
    `select applied_at as at from migrations where name = 'archive'`,
  )?.at
  if (made === undefined || made <= moment) return null
  const first = reading.get<{ start: number | null }>('select min(start) as start from jail_hours')?.start
  const since = Math.min(made, first ?? made)
  return since > moment ? since : null
}

/** The hour of the first failure before a time; by days first, of which there are few. */
function firstFailure(reading: Reading, before: number): number | undefined {
  const first = (table: string, from: number) =>
    reading.get<{ start: number }>(
      `select start from ${table} where start >= ? and start < ? and failures > 0 order by start limit 1`,
      from,
      before,
    )?.start
  const day = first('jail_days', 0)
  return day === undefined ? undefined : first('jail_hours', day)
}
