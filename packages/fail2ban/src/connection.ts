/** How a request is asked. */
export interface RequestOptions {
  /** milliseconds */
  readonly deadline?: number
  /**
   * It changes something in the daemon: `true` is sent when every change before it has been answered, `batch` also while
   * one other batch is under way.
   */
  readonly write?: boolean | 'batch'
}

/** `closed`: the connection closed by itself (the daemon ended); `answered`: a silent daemon answers again. */
export type ConnectionEvent = 'closed' | 'answered'

/**
 * The one persistent connection to a daemon, with a first-in-first-out queue. Connects when first asked and again,
 * with back-off, after a close.
 */
export interface DaemonConnection {
  /**
   * Sends a command and returns the value of its reply as plain data.
   * @throws Fail2banUnavailableError, Fail2banCommandError, OutcomeUnknownError (a write without an answer)
   */
  request(args: readonly string[], options?: RequestOptions): Promise<unknown>
  /** A connection is open. After a silence, the new connection counts once bytes came. */
  readonly connected: boolean
  /** Calls the listener with each event until the returned function is called. */
  onConnectionEvent(listener: (event: ConnectionEvent) => void): () => void
  /** Fails what waits and ends the connection for good. Safe to call twice. */
  close(): Promise<void>
}
