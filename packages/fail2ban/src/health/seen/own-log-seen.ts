/** What kinds of remarks fail2ban's log has about its own work. */
export type LogNoteKind =
  /** a command of a start or a reload failed, and everything after it was lost */
  | 'command-failed'
  | 'jail-skipped'
  | 'unreadable'
  /** the polling backend has given a file up */
  | 'dropped'
  /** a filter has stopped reading after too many errors; the line names no jail */
  | 'went-idle'
  | 'no-date'
  | 'odd-time'
  | 'dns-used'
  | 'name-unresolved'
  /** a command failed that is no action: the ignore command */
  | 'program-failed'
  | 'backend-failed'
  | 'new-database'
  | 'database-error'

/** A remark of fail2ban's log, once for each kind, jail and subject. Times are milliseconds since the epoch. */
export interface LogNote {
  readonly kind: LogNoteKind
  readonly jail: string | null
  /** what it is about, such as a path or a name */
  readonly subject: string
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
  /** the lines of the last time */
  readonly lines: readonly string[]
}

/** The command of an action that failed, once for each jail, action and verb. */
export interface ActionFailure {
  readonly jail: string
  readonly action: string
  /** `ban`, `unban`, `reban`, or `start` */
  readonly verb: string
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
  /** what the command wrote to its error output, or how it ended */
  readonly reason: string
  readonly lines: readonly string[]
}

/** What the log has of one jail. */
export interface JailLog {
  readonly startedAt: number | null
  readonly foundAt: number | null
  readonly bannedAt: number | null
  /** how many failures were ignored, and by what: `ip`, `command`, … */
  readonly ignored: ReadonlyMap<string, number>
  /** an address that was ignored because of the list */
  readonly ignoredAddress: string | null
  readonly found: number
  /** failures by address, those of the addresses seen first */
  readonly foundBy: ReadonlyMap<string, number>
  /** when the last bans were logged, the oldest first */
  readonly bans: readonly number[]
  /** when the last unbans were logged, the oldest first */
  readonly unbans: readonly number[]
  /** when the last failures were logged, the oldest first */
  readonly failures: readonly number[]
}

/** What fail2ban's log says. */
export interface OwnLogSeen {
  /** where it is */
  readonly path: string
  /** the time of the first line that was read; null: there is none */
  readonly since: number | null
  readonly startedAt: number | null
  /** the last time that fail2ban started or loaded something */
  readonly loadedAt: number | null
  readonly jails: ReadonlyMap<string, JailLog>
  readonly notes: readonly LogNote[]
  readonly failures: readonly ActionFailure[]
}
