import { Fail2banUnavailableError } from '../errors.ts'
import { createBackoff } from './backoff.ts'
import { describeConnectFailure, isBusy } from './connect-failure.ts'
import { openReplySocket, type ReplySocket, type ReplySocketOptions } from './reply-socket.ts'

/** Opens the socket of a connection: one attempt at a time, with growing waits after failures. */
export interface SocketOpener {
  readonly isOpening: boolean
  /** Opens a socket now, or calls `onReady` when an attempt is allowed again; after garbage, calls `onFailure` with it. */
  openSoon(): void
  /** The daemon's bytes were no reply: opens no socket for a while, longer each time. */
  noteGarbage(error: Fail2banUnavailableError): void
  /** A reply came: garbage that follows is the first again. */
  noteReply(): void
  stop(): void
}

export interface SocketOpenerOptions extends ReplySocketOptions {
  /** see DaemonConnectionOptions */
  readonly refusal?: ((sinceClose: number) => Promise<Fail2banUnavailableError | undefined>) | undefined
  readonly onOpen: (socket: ReplySocket) => void
  /** called with what the waiting requests fail with; not called where the daemon is only busy */
  readonly onFailure: (error: Fail2banUnavailableError) => void
  /** called after each attempt, however it ended, and after each wait */
  readonly onReady: () => void
}

const RETRY_DELAYS_MS = [20, 50, 100, 200, 400]
/** After garbage; each costs as much as the limits of a reply allow. */
const GARBAGE_DELAYS_MS = [0, 500, 1000, 2000, 4000, 8000]

/** Creates the opener of one connection. */
export function createSocketOpener(options: SocketOpenerOptions): SocketOpener {
  const { onOpen, onFailure, onReady } = options
  const backoff = createBackoff(RETRY_DELAYS_MS)
  const garbageBackoff = createBackoff(GARBAGE_DELAYS_MS)
  let garbage: Fail2banUnavailableError | undefined
  let isOpening = false
  let closedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const onClose = (problem?: Error) => {
    closedAt = performance.now()
    options.onClose(problem)
  }
  const open = async () => {
    const refusal = await options.refusal?.(performance.now() - closedAt)
    if (refusal) throw refusal
    return openReplySocket({ ...options, onClose })
  }
  const fail = async (error: NodeJS.ErrnoException | Fail2banUnavailableError) => {
    backoff.fail()
    if (error instanceof Fail2banUnavailableError) return onFailure(error)
    if (!isBusy(error)) onFailure(await describeConnectFailure(error, options.path))
  }
  const attempt = async () => {
    isOpening = true
    try {
      const opened = await open()
      backoff.reset()
      onOpen(opened)
    } catch (error) {
      await fail(error as NodeJS.ErrnoException | Fail2banUnavailableError)
    }
    isOpening = false
    onReady()
  }

  return {
    get isOpening() {
      return isOpening
    },
    openSoon() {
      if (garbage && garbageBackoff.remainingMs() > 0) return onFailure(garbage)
      clearTimeout(timer)
      const wait = backoff.remainingMs()
      if (wait > 0) timer = setTimeout(onReady, wait)
      else void attempt()
    },
    noteGarbage(error) {
      garbageBackoff.fail()
      garbage = error
    },
    noteReply: garbageBackoff.reset,
    stop: () => clearTimeout(timer),
  }
}
