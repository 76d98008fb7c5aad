import type { AbortOptions, Steps } from '@bangui/async'
import type { ConnectionEvent } from '../connection.ts'
import type { HostInfo, LoadOutcome, ProbeOutcome } from '../models/daemon-models.ts'

/** The verbs about fail2ban as a whole. */
export interface DaemonVerbs {
  /** Returns facts about the host that messages name and that bans are checked against. */
  info(): Promise<HostInfo>
  /** Probes the daemon: ping, version, status, totals. Each command has a deadline of 5 s; never rejects. */
  probe(): Promise<ProbeOutcome>
  /** Yields when the connection closed by itself (the daemon ended) or a silent daemon answers again, until the signal aborts. */
  connectionEvents(options?: AbortOptions): AsyncIterable<ConnectionEvent>
  /**
   * Waits until a daemon that has just started has restored its bans: before, its lists are incomplete.
   * @throws daemon_unavailable
   */
  whenBansRestored(): Promise<void>
  /** Starts the daemon; successful only when it answers, and still answers two seconds later with the jails that should run. */
  start(): Promise<LoadOutcome>
  /** Stops the daemon. Bans stay in its database and are restored at the next start. */
  stop(): Promise<void>
  /**
   * Stops and starts the daemon, after testing and rehearsing the configuration. The step is `stopped` when the old process
   * has ended.
   */
  restart(): Steps<'stopped', LoadOutcome>
}
