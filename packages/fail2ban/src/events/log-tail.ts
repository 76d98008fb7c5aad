import type { EventSourceStatus } from '@bangui/shared'
import type { Told } from './settle-unbans.ts'

/** Something that fail2ban logs to, read from one place on. */
export interface LogTail {
  /** What comes next, perhaps nothing; undefined at the end. Never rejects. */
  read(): Promise<readonly Told[] | undefined>
  /** Where {@link read} stands, as JSON; undefined: nowhere yet. */
  cursor(): unknown
  /** Whether the end that was met is one: nothing that fail2ban wrote before `since` (epoch milliseconds) is on its way. */
  isSettled(since: number): boolean
  /** `following` unless something is wrong. */
  status(): EventSourceStatus
  close(): Promise<void>
}

/** Called when there may be more to read. */
export type OnChange = () => void
