import type { DaemonBan, DaemonDatabaseStatus } from '@bangui/shared'
import type { DaemonBanPage, LiveBansQuery, ReadingOptions } from '../models/ban-models.ts'
import type { LiveCounts } from '../live-counts.ts'

/** The verbs about the bans that fail2ban’s own database has. */
export interface HistoryVerbs {
  /** Returns a page of the history in fail2ban's own database, oldest first. @throws database_unreadable */
  readBans(options: { readonly cursor: string | null; readonly limit: number }): Promise<DaemonBanPage>
  /** Returns a page of the active bans in fail2ban's database (`bips`). @throws database_unreadable */
  readActiveBans(options: { readonly cursor: string | null; readonly limit: number }): Promise<DaemonBanPage>
  /**
   * Returns one page of fail2ban's own history, newest first (`source: "live"`). A caller that gives up leaves the
   * queue.
   * @throws database_unreadable, busy if too many wait
   */
  list(
    query: LiveBansQuery,
    options?: ReadingOptions,
  ): Promise<{ rows: readonly DaemonBan[]; nextCursor: string | null }>
  /**
   * Returns counts of fail2ban's own history (`source: "live"`). Callers of the same query share one count, which is
   * cancelled when all have given up. @throws database_unreadable, busy if too many wait
   */
  count(
    query: { readonly from: number; readonly to: number; readonly bucketSeconds: number },
    options?: ReadingOptions,
  ): Promise<LiveCounts>
  /**
   * Returns since when fail2ban's own database has every ban, epoch milliseconds: since its first ban, or for as long as
   * fail2ban keeps bans (`dbpurgeage`), whichever is longer. @throws database_unreadable, busy
   */
  recordedSince(options?: ReadingOptions): Promise<number>
  /** Returns the state of fail2ban's own database; never rejects. */
  databaseStatus(): Promise<DaemonDatabaseStatus>
}
