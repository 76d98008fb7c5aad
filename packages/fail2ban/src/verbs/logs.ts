import type { DaemonLog, LogBatch, LogList, LogSource, LogTail } from '@bangui/shared'

/** The verbs about logs: fail2ban’s own, and those that jails read. */
export interface LogVerbs {
  /** Returns the last lines of fail2ban's own log. */
  read(): Promise<DaemonLog>
  /** Returns the logs that may be read: fail2ban's own, those of jails, and those in the host's log folders. @throws config_unreadable */
  list(): Promise<LogList>
  /**
   * Returns the last lines of a log, at most 1,000 and 512 KiB. Only regular files are read, by their real path, within the log folders
   * or as the log of a jail, where no link leads elsewhere; of the journal, entries that a jail reads. @throws config_unreadable
   */
  tail(source: LogSource, limit: number): Promise<LogTail>
  /** Yields the last lines of a log and then those that are written, through rotation, until the signal aborts. @throws as tail */
  follow(
    source: LogSource,
    options: { readonly limit: number; readonly signal: AbortSignal },
  ): AsyncIterable<LogBatch>
}
