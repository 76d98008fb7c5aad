import type { DaemonConnection, RequestOptions } from '../connection.ts'
import { Fail2banUnavailableError } from '../errors.ts'
import { createConnectionEvents } from './connection-events.ts'
import { encodeCommand } from './encode-command.ts'
import { replyLimitsOf } from './reply-limits.ts'
import { createRequestChannel } from './request-channel.ts'

export interface DaemonConnectionOptions {
  readonly socketPath: string
  /** milliseconds that a request has unless it says otherwise @default 5000 */
  readonly defaultDeadline?: number
  /** milliseconds without a byte, all deadlines over, after which a connection is given up @default 60000 */
  readonly silenceLimit?: number
  /** @default what the command can be answered */
  readonly maxReplyBytes?: number
  /**
   * Asked before each attempt to connect, with the milliseconds since the daemon closed the connection before: returns
   * why it must not be made, which the waiting requests then fail with. @default every attempt is made
   */
  readonly refusal?: (sinceClose: number) => Promise<Fail2banUnavailableError | undefined>
}

/**
 * Creates the connection to the daemon at a socket. A deadline that passes does not close it: the place of the request
 * in the queue is kept, its late reply discarded, and nothing more is sent until it has come.
 */
export const createDaemonConnection = (options: DaemonConnectionOptions): DaemonConnection => {
  const { socketPath, defaultDeadline = 5000, silenceLimit = 60_000, maxReplyBytes, refusal } = options
  const events = createConnectionEvents()
  const channel = createRequestChannel({ socketPath, events, silenceLimit, refusal })
  let isClosed = false

  const limitsOf = (args: readonly string[]) => {
    const limits = replyLimitsOf(args)
    return { ...limits, maxBytes: maxReplyBytes ?? limits.maxBytes }
  }

  return {
    get connected() {
      return channel.isConnected
    },
    request(args, requestOptions: RequestOptions = {}) {
      const { deadline = defaultDeadline, write = false } = requestOptions
      return new Promise((resolve, reject) => {
        if (isClosed) throw closedByBangui()
        channel.add({
          frame: encodeCommand(args),
          limits: limitsOf(args),
          deadline,
          write,
          resolve,
          reject,
        })
      })
    },
    onConnectionEvent: events.listen,
    async close() {
      if (isClosed) return
      isClosed = true
      events.stop()
      await channel.close(closedByBangui())
    },
  }
}

const closedByBangui = () =>
  new Fail2banUnavailableError('refused', 'The connection to fail2ban was closed by BanGUI.')
