import { addressOfKey, type Ban, type EndReason, type HistoryRow } from '@bangui/shared'
import { authorOfRow, type AuthorColumns } from '../author-code.ts'
import type { Reading } from './reading.ts'

/** Country of a ban whose address is in none that is known. */
export const UNKNOWN_COUNTRY = '??'

/** A ban as it is stored, with its jail's name. */
export interface BanRow extends AuthorColumns {
  readonly id: number
  /** the key of its host; null: the reading is about one host */
  readonly host: string | null
  readonly address: Uint8Array
  readonly jail: string
  readonly at: number
  /** of one that was put back after an unban: when it began first */
  readonly began_at: number | null
  readonly duration: number
  readonly until: number | null
  readonly active: 0 | 1
  readonly end_reason: EndReason | null
  readonly ended_by: string | null
  readonly country: string
  readonly times: number
  readonly attempts: number | null
  readonly reason: string | null
  readonly operation_id: string | null
  readonly end_operation_id: string | null
}

/** Returns the columns of {@link BanRow}, from `bans b` and `archive_jails j`. */
export const banColumns = ({ scope }: Reading): string => `b.id,
  ${scope.isMany ? '(select h.key from hosts h where h.id = j.host_id)' : 'null'} as host,
   b.address, j.name as jail, b.at, b.began_at, b.duration, b.until, b.active, b.end_reason,
  b.ended_by, b.country, b.times, b.attempts, b.by_kind, b.by_name, b.origin, b.reason,
  b.operation_id, b.end_operation_id`

/** How a ban's jail is found. */
export const joinJail = 'join archive_jails j on j.id = b.jail_id'

export const toCountry = (country: string | null | undefined): string | null =>
  country === undefined || country === UNKNOWN_COUNTRY ? null : country

/** A stored ban as one that is in force. */
export const toBan = (row: BanRow): Ban => ({
  ...(row.host !== null && { host: row.host }),
  address: addressOfKey(row.address),
  jail: row.jail,
  since: row.began_at ?? row.at,
  ...(row.began_at !== null && { restoredAt: row.at }),
  until: row.until,
  duration: row.duration,
  country: toCountry(row.country),
  times: row.times,
  attempts: row.attempts,
  by: authorOfRow(row),
  reason: row.reason,
  ...(row.operation_id !== null && { operation: row.operation_id }),
  ...(row.end_operation_id !== null && { endOperation: row.end_operation_id }),
  id: row.id,
})

/** A stored ban as one of the past or present. */
export const toHistoryRow = (row: BanRow): HistoryRow => ({
  id: row.id,
  ...(row.host !== null && { host: row.host }),
  address: addressOfKey(row.address),
  jail: row.jail,
  at: row.began_at ?? row.at,
  ...(row.began_at !== null && { restoredAt: row.at }),
  duration: row.duration,
  country: toCountry(row.country),
  until: row.until,
  active: row.active === 1,
  endReason: row.end_reason,
  endedBy: row.ended_by,
  times: row.times,
  attempts: row.attempts,
  by: authorOfRow(row),
  reason: row.reason,
})
