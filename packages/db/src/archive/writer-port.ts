import type { BannedBy, DaemonBan, EndReason, Event, HostEvent, LostBans, StoredEvent } from '@bangui/shared'

/** What writes the history of one host. */
export interface ArchiveWriter {
  /**
   * Stores what the log reports, in its order: bans, roll-ups, events and the reader's cursor in one transaction. Returns
   * the events that were stored, with their seq. A line about a ban that is known from fail2ban's database adds no ban.
   */
  ingest(batch: IngestBatch): Promise<StoredEvent[]>
  /**
   * Stores bans from fail2ban's database, each once: the row of a provisional ban (jail, address, `timeofban` at or
   * before the line, no other ban of the pair between, not ended before) confirms it; an unknown one is added, without
   * an event unless `emit` asks for it. The cursor is stored in the last transaction.
   */
  importBans(batch: ImportBatch): Promise<ImportResult>
  /**
   * Merges bans that were stored twice because log lines were read in a wrong time zone; returns how many. To be
   * called now and then, after an import.
   */
  healDoubles(): Promise<number>
  /** Stores an event that is in no log, such as the daemon going offline. Returns nothing where it is stored already. */
  addEvent(event: Event): Promise<StoredEvent[]>
  /**
   * Makes the active bans of one jail equal to the daemon's: adds missing ones, ends those that are gone (with
   * `reason`), corrects ends. Bans newer than `asOf` are left alone.
   */
  syncActive(jail: string, bans: readonly ActiveBan[], options: SyncOptions): Promise<SyncResult>
  /** The jails with bans in force whose time was over before `before`. */
  listOverdueJails(before: number): Promise<string[]>
  /** Ends the suspended bans that were not restored, and returns the events. */
  endSuspended(options: EndSuspendedOptions): Promise<StoredEvent[]>
  /** Stores what an operation is about to send. The log line of each is attributed to its author. */
  addPendingActions(actions: readonly PendingAction[]): Promise<void>
  /** Deletes pending actions of an operation that no line has answered: they were not done after all. */
  removePendingActions(
    operation: string,
    actions: { readonly kind: PendingAction['kind']; readonly pairs: readonly Pair[] },
  ): Promise<void>
  /** Sets the ends of active bans, with the timers that bring them. Bans that are not in force, or not as expected, are left out. */
  setEnds(ends: readonly BanEnd[]): Promise<EndsSet>
  /**
   * Takes in that addresses were banned before an operation banned them: their actions are done, their bans keep author and
   * beginning, and end as was asked for last. Returns the events.
   */
  answerBans(answer: AnsweredBans): Promise<StoredEvent[]>
  /** Sets what people note about bans in force, unless somebody has noted something else since. Returns how many were set. */
  setReasons(notes: readonly BanNote[]): Promise<number>
  /** Deletes the timers of bans that were ended, as far as they were set by then: a later ban has its own. */
  deleteTimers(pairs: readonly Pair[], setUntil: number): Promise<void>
  /** Notes that an operation has ended, or that every operation has, as after a start. */
  closePendingActions(closed: ClosedOperation): Promise<void>
  /**
   * Decides the actions that no line has answered, of operations that ended at `closedBefore` or earlier. To be called once
   * the bans were compared with the daemon's: a ban in force that began since is theirs, and others were not done.
   */
  settlePendingActions(closedBefore: number): Promise<void>
  getCursor(name: string): Promise<string | null>
  setCursor(name: string, value: string): Promise<void>
  /**
   * Adds bans that the daemon lost. An event that was added before adds nothing; of a ban that is there already, the
   * time is updated. Returns the summary of all.
   */
  addLostBans(lost: readonly LostBan[]): Promise<LostBans | null>
  /** Deletes these lost bans, or all, and returns the summary of the rest. */
  removeLostBans(handled: readonly Pair[] | null): Promise<LostBans | null>
  /** The lost bans that nobody has decided about, oldest first. */
  listLostBans(): Promise<Pair[]>
  /** A summary of these; null: there are none. */
  summariseLostBans(): Promise<LostBans | null>
  /** Sets which jails read fail2ban's own log: their failures count in no total. */
  setOwnLogJails(jails: readonly { name: string; readsOwnLog: boolean }[]): Promise<void>
}

/** A place in a log or database, stored under a name. */
export interface StoredCursor {
  readonly name: string
  readonly value: string
}

export interface IngestBatch {
  readonly events: readonly IngestEvent[]
  /** the place in the log after these events; null leaves it */
  readonly cursor: StoredCursor | null
}

export interface IngestEvent {
  readonly event: HostEvent
  /** two letters; null: not known */
  readonly country: string | null
  /** seconds that the jail bans for, for the end of a ban whose own is not known yet; null: not known */
  readonly bantime: number | null
  /** a failure of a jail that reads fail2ban's own log @default false */
  readonly echo?: boolean
  /** who had BanGUI stop the jail or the daemon @default nobody that is known */
  readonly by?: string | null
}

export interface ImportBatch {
  readonly bans: readonly (DaemonBan & { readonly country: string | null })[]
  readonly cursor: StoredCursor | null
  /** a ban whose end lies after it counts as in force; epoch milliseconds */
  readonly now: number
  /** stores events for bans that are active and new @default false */
  readonly emit?: boolean
}

export interface ImportResult {
  readonly added: number
  readonly confirmed: number
  readonly known: number
  /** the events that were stored; undefined: none */
  readonly events?: readonly StoredEvent[]
  /** why the import stopped after some events were stored; the cursor stays */
  readonly cutOff?: string
}

export interface ActiveBan {
  readonly address: string
  readonly bannedAt: number
  readonly duration: number
  readonly country: string | null
}

export interface SyncOptions {
  /** when the list was asked for, epoch milliseconds */
  readonly asOf: number
  readonly reason: EndReason
  /** for how many milliseconds a ban has to be missing until it has ended @default 0 */
  readonly patience?: number
  /** the list has the ends as they are now, not those of when the bans began @default true */
  readonly areEndsKnown?: boolean
  /** the daemon still restores its bans: only those that both have in force get their ends from the list @default false */
  readonly onlyEnds?: boolean
}

export interface SyncResult {
  readonly events: readonly StoredEvent[]
  /** how many bans were corrected, with an event or without */
  readonly corrected: number
  /** bans that are missing, but not for long enough yet */
  readonly unsure: number
}

export interface EndSuspendedOptions {
  /** what suspended them */
  readonly by: 'jail' | 'daemon'
  /** those that were suspended at this time or before, epoch milliseconds */
  readonly before: number
  /** when the daemon was there again without those whose time was not over: these are lost; null: none is */
  readonly lostAt: number | null
}

export interface PendingAction {
  readonly kind: 'ban' | 'unban'
  readonly jail: string
  readonly address: string
  readonly by: BannedBy
  readonly reason: string | null
  /** the id of its operation, which has one action for each pair and kind */
  readonly operation: string
  /** seconds from the log line on, where BanGUI ends the ban @default null */
  readonly duration?: number | null
  /** when BanGUI ends the ban, where a moment was asked for */
  readonly until: number | null
  /** when it is sent */
  readonly at: number
  /** the id of the ban that this one puts back after an unban @default a ban of its own */
  readonly restores?: number | undefined
}

/** What a daemon answered to a batch of bans. */
export interface AnsweredBans {
  readonly operation: string
  readonly jail: string
  /** the addresses that were banned before */
  readonly already: readonly string[]
  /** how long the jail bans for, in seconds; -1: permanent */
  readonly bantime: number
}

/** An operation that has ended. */
export interface ClosedOperation {
  /** null: every operation of the host */
  readonly operation: string | null
  /** when all of them had ended at the latest, epoch milliseconds @default for each, a minute after it was to be sent */
  readonly endedBy?: number | undefined
  /** the daemon has answered everything that was sent: later lines are about something else */
  readonly isAnswered: boolean
}

/** An address in a jail. */
export interface Pair {
  readonly jail: string
  readonly address: string
}

/** A ban that the daemon lost, by the event of its end. */
export interface LostBan extends Pair {
  readonly seq: number
  readonly at: number
}

export interface BanEnd extends Pair {
  readonly until: number | null
  /** seconds from its beginning; -1: permanent */
  readonly duration: number
  /** BanGUI brings it */
  readonly isOwn: boolean
  /** the operation that this end counts for; null: the one that made the ban */
  readonly operation: string | null
  /** the only ban that is meant @default the one that is in force */
  readonly expected?: ExpectedBan
  /** what brings the end, instead of the armed timers of the pair; null: nothing @default they stay */
  readonly timer?: { readonly operation: string; readonly endsAt: number } | null
}

export interface BanNote {
  /** of the ban */
  readonly id: number
  readonly reason: string | null
  /** what was noted before @default whatever it was */
  readonly expected?: string | null
}

/** A ban, and the operation that set its end last: where somebody else has set it since, it is another. */
export interface ExpectedBan {
  readonly id: number
  readonly endOperation: string
}

export interface EndsSet {
  readonly events: readonly StoredEvent[]
  /** how many bans have the end that was asked for */
  readonly count: number
}
