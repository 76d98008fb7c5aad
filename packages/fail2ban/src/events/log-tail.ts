import type { EventSourceStatus } from '@bangui/shared'
import type { LogRecord } from './unban-decider.ts'

/** A file or journal that fail2ban logs to, read from a cursor on. */
export interface LogTail {
  /** Returns the next records, perhaps none; undefined at the end. Never rejects. */
  read(): Promise<readonly LogRecord[] | undefined>
  /** Returns how far {@link read} has read, as JSON; undefined: nothing yet. */
  cursor(): unknown
  /** Returns whether all is read that fail2ban wrote before `since` (epoch milliseconds). */
  isSettled(since: number): boolean
  /** Returns `following` unless something is wrong. */
  status(): EventSourceStatus
  close(): Promise<void>
}

/** Called when there may be more to read. */
export type OnChange = () => void
