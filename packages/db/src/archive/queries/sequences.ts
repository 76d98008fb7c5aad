import type { Reading } from './reading.ts'
import { andHost } from './scope.ts'

/** The seq of the newest event there ever was; 0 before the first. */
export const lastSeq = (reading: Reading): number => lastOf(reading, 'events')

/** Returns a number that grows with each ban that comes in on the hosts of a reading. */
export function banRevision(reading: Reading): number {
  if (reading.scope.hosts === null) return lastOf(reading, 'bans')
  const sum = `select sum(bans) as bans from jail_days
    where jail_id in (select id from archive_jails where true ${andHost(reading)})`
  return reading.get<{ bans: number | null }>(sum)?.bans ?? 0
}

const lastOf = (reading: Reading, table: 'events' | 'bans'): number =>
  reading.get<{ seq: number }>('select seq from sqlite_sequence where name = ?', table)?.seq ?? 0
