/** A ban as the writer reads it back. */
export interface BanRow {
  readonly id: number
  readonly address: Uint8Array
  readonly jail_id: number
  readonly at: number
  readonly logged_at: number | null
  readonly confirmed: 0 | 1
  readonly duration: number
  readonly until: number | null
  readonly own_until: number | null
  readonly active: 0 | 1
  readonly suspended: 'jail' | 'daemon' | null
  readonly end_reason: string | null
  readonly ended_by: string | null
  readonly country: string
  readonly times: number
  readonly attempts: number | null
  readonly by_kind: 'fail2ban' | 'user' | 'blocklist' | 'unknown'
  readonly by_name: string | null
  readonly origin: number
  readonly reason: string | null
  /** the operation that made it; null: none of BanGUI's */
  readonly operation_id: string | null
  /** the operation that set its end last; null: the one that made it */
  readonly end_operation_id: string | null
  /** of one that was put back after an unban, whose end is BanGUI's: when it began first */
  readonly began_at: number | null
}

/** As little of a ban as most rows of an import need. */
export type BanGlance = Pick<
  BanRow,
  | 'id'
  | 'at'
  | 'logged_at'
  | 'confirmed'
  | 'duration'
  | 'until'
  | 'active'
  | 'times'
  | 'attempts'
  | 'began_at'
>

/** Who made a ban, as it is stored. */
export type Author = Pick<BanRow, 'by_kind' | 'by_name' | 'origin' | 'reason' | 'operation_id'>

/** A ban as it is added. */
export type NewBan = Omit<BanRow, 'id' | 'end_operation_id' | 'suspended' | 'ended_by' | 'began_at'>

/** Two bans that may be one, and how far they lie apart (milliseconds). */
export interface DoubleRow {
  readonly logged: number
  readonly recorded: number
  readonly apart: number
}

export interface AddressRow {
  readonly bans: number
  readonly first_at: number
  readonly last_at: number
  readonly first_jail_id: number
  readonly first_origin: number
}

/** A ban or unban of an operation that no line has answered yet. */
export interface PendingActionRow {
  readonly id: number
  readonly operation: string
  readonly by_kind: BanRow['by_kind']
  readonly by_name: string | null
  readonly origin: number
  readonly reason: string | null
  /** when it was sent */
  readonly at: number
  /** seconds from the line on, where BanGUI ends the ban */
  readonly duration: number | null
  /** when BanGUI ends the ban, where that was asked for */
  readonly until: number | null
  /** the id of the ban that this one puts back after an unban */
  readonly restores: number | null
  /** its line is not later than this; null: not known */
  readonly writtenBy: number | null
  /** when its operation ended, answered or not; null: it runs */
  readonly closedAt: number | null
}
