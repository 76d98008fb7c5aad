import type { Reading } from './reading.ts'

/** The seq of the newest event there ever was; 0 before the first. */
export const lastSeq = (reading: Reading): number => lastOf(reading, 'events')

/** Grows with each ban that comes in. */
export const lastBanId = (reading: Reading): number => lastOf(reading, 'bans')

const lastOf = (reading: Reading, table: 'events' | 'bans'): number =>
  reading.get<{ seq: number }>('select seq from sqlite_sequence where name = ?', table)?.seq ?? 0
