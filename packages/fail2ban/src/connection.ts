/** How a request is asked: a deadline in milliseconds, and whether it changes something in the daemon. */
export interface RequestOptions {
  readonly deadline?: number
  readonly write?: boolean
}

/**
 * The one persistent connection to a daemon, with a first-in-first-out queue. Connects when first asked and again,
 * with back-off, after a close.
 */
export interface DaemonConnection {
  /**
   * Sends a command and gives the value of its reply as plain data.
   * @throws Fail2banUnavailableError, Fail2banCommandError, OutcomeUnknownError (a write without an answer)
   */
  request(args: readonly string[], options?: RequestOptions): Promise<unknown>
  /** A connection is open now. */
  readonly connected: boolean
  onSignal(listener: (signal: 'closed' | 'answered') => void): () => void
  close(): Promise<void>
}
