import type { HostEventBatch } from '../models/daemon-models.ts'

/** The verbs about what fail2ban logs. */
export interface EventVerbs {
  /**
   * Yields what fail2ban logs, until the signal aborts: through rotation, truncation, restarts and a log that is missing for a
   * while. Resumes after `position`, the opaque text of the last batch that was processed; null: from the beginning of the log
   * (its last 32 MB). Never rejects because of the log or the daemon: `status` has such problems.
   */
  follow(options: {
    readonly position: string | null
    readonly signal: AbortSignal
  }): AsyncIterable<HostEventBatch>
}
