import type { Generated } from 'kysely'

/** One ban, once: by (address, jail, at). */
export interface BanTable {
  id: Generated<number>
  /** see addressKey in @bangui/shared: sorted as addresses are, a network before what it holds */
  address: Uint8Array
  jail_id: number
  /** fail2ban's `timeofban` once it is confirmed, else the time of the log line */
  at: number
  /** the time of the log line; null: none was seen */
  logged_at: number | null
  confirmed: 0 | 1
  /** seconds, -1 is permanent, 0 not known yet */
  duration: number
  /** when it ended or will; null: in force, and permanent or of a duration that is not known yet */
  until: number | null
  active: 0 | 1
  /** when BanGUI ends it, before fail2ban would; null: fail2ban's own end counts */
  own_until: number | null
  /** it ended with a stop of its jail or of the daemon, and may be restored: its end was not emitted yet */
  suspended: 'jail' | 'daemon' | null
  end_reason: string | null
  ended_by: string | null
  /** two letters, `??` for unknown */
  country: string
  times: number
  attempts: number | null
  by_kind: 'fail2ban' | 'user' | 'blocklist' | 'unknown'
  by_name: string | null
  /** see codeOf in author-code.ts: 0 fail2ban, -1 unknown, -2 a user, else the id of a blocklist */
  origin: Generated<number>
  reason: string | null
  /** the operation that made it; null: none of BanGUI's */
  operation_id: string | null
  /** the operation that set its end last; null: the one that made it */
  end_operation_id: string | null
  /** when a ban began that was put back after an unban; null: at `at` */
  began_at: number | null
}

/** Every address that was ever banned on a host; the sums of a network are those of the range of its keys. */
export interface AddressTable {
  address: Uint8Array
  host_id: number
  bans: number
  first_at: number
  last_at: number
  country: string
  /** the jail whose roll-ups count it as new */
  first_jail_id: Generated<number>
  /** the origin of its first ban, whose roll-ups count it as new */
  first_origin: Generated<number>
}

export interface JailRollUpTable {
  start: number
  jail_id: number
  origin: Generated<number>
  bans: number
  failures: number
  new_addresses: number
}

export interface CountryRollUpTable {
  host_id: number
  start: number
  country: string
  origin: Generated<number>
  bans: number
}

export interface EventTable {
  seq: Generated<number>
  host_id: number
  at: number
  type: string
  jail: string | null
  address: Uint8Array | null
  /** the whole event as JSON */
  data: string
}

/** A ban or unban of an operation that no log line has answered yet. */
export interface PendingActionTable {
  id: Generated<number>
  host_id: number
  jail: string
  address: Uint8Array
  kind: 'ban' | 'unban'
  operation: string
  sent_at: number
  /** seconds from the line on, where BanGUI ends the ban */
  duration: number | null
  /** when BanGUI ends the ban, where that was asked for */
  ends_at: number | null
  /** the id of the ban that this one puts back after an unban */
  restores: number | null
  by_kind: 'fail2ban' | 'user' | 'blocklist' | 'unknown'
  by_name: string | null
  origin: Generated<number>
  reason: string | null
  /** when its operation ended */
  closed_at: number | null
  /** its line is not later than this; null: not known */
  written_by: number | null
}

/** When BanGUI ends a ban, before the jail would. */
export interface TimerTable {
  host_id: number
  jail: string
  address: Uint8Array
  operation: string
  /** when the ban was sent */
  set_at: number
  ends_at: number
  /** armed: the ban is known to be in force */
  state: 'pending' | 'armed'
}

/** A jail of which something is true since a time, in one run of the daemon. */
export interface RememberedJailTable {
  host_id: number
  jail: string
  since: number
  daemon: string
}
