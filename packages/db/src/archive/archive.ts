import type { HostScope, StoredEvent } from '@bangui/shared'
import type { ArchiveReader } from './reader-port.ts'
import type { ArchiveWriter } from './writer-port.ts'

/**
 * The history: every ban once, its roll-ups, the events. Writes run one after the other in a worker with the only
 * connection that writes there, reads in others, so that no call blocks the event loop. Times are epoch milliseconds.
 */
export interface Archive extends ArchiveUpkeep {
  /**
   * Returns what writes and reads for one host. A long call returns its events at its end; `passOn` is called with those that it
   * has stored before others store theirs, so that who emits them keeps the order of all.
   */
  forHost(hostId: number, passOn?: (events: readonly StoredEvent[]) => void): HostArchive
  /**
   * Returns what reads for several hosts: sums add up, distinct addresses and top lists merge by address, and `times`, new
   * addresses and repeat offenders count on each host.
   */
  forHosts(scope: HostScope): ArchiveReader
  /** Waits for what is being written and ends the workers. Safe to call twice. */
  close(): Promise<void>
}

/** The archive of one host: nothing of another host shows in it. */
export interface HostArchive extends ArchiveWriter, ArchiveReader {}

/** What is done for all hosts at once. */
export interface ArchiveUpkeep {
  /** Sets the country of bans that were stored with none. */
  setCountries(countries: readonly { address: string; country: string }[]): Promise<void>
  /** One small step of retention; `done` when there is nothing more to delete. Roll-ups are kept. */
  retain(limits: RetentionLimits): Promise<{ deleted: number; done: boolean }>
}

export interface RetentionLimits {
  /** bans older than this go; null keeps them */
  readonly bansBefore: number | null
  readonly linesBefore: number
  readonly eventsBefore: number
  /** at most so many events of a host stay */
  readonly maxEvents: number
}
