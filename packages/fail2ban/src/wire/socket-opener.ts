import type { Fail2banUnavailableError } from '../errors.ts'
import { createBackoff } from './backoff.ts'
import type { ReplySocket } from './reply-socket.ts'

/** Opens the socket of a connection: one attempt at a time, with growing waits after failures. */
export interface SocketOpener {
  readonly isOpening: boolean
  /** Opens a socket now, or calls `onReady` when an attempt is allowed again. */
  openSoon(): void
  stop(): void
}

export interface SocketOpenerOptions {
  readonly open: () => Promise<ReplySocket>
  readonly onOpen: (socket: ReplySocket) => void
  readonly onFailure: (error: NodeJS.ErrnoException | Fail2banUnavailableError) => void | Promise<void>
  /** called after each attempt, however it ended, and after each wait */
  readonly onReady: () => void
}

const RETRY_DELAYS_MS = [20, 50, 100, 200, 400]

/** Creates the opener of one connection. */
export function createSocketOpener({ open, onOpen, onFailure, onReady }: SocketOpenerOptions): SocketOpener {
  const backoff = createBackoff(RETRY_DELAYS_MS)
  let isOpening = false
  let timer: NodeJS.Timeout | undefined

  const attempt = async () => {
    isOpening = true
    try {
      const opened = await open()
      backoff.reset()
      onOpen(opened)
    } catch (error) {
      backoff.fail()
      await onFailure(error as NodeJS.ErrnoException | Fail2banUnavailableError)
    }
    isOpening = false
    onReady()
  }

  return {
    get isOpening() {
      return isOpening
    },
    openSoon() {
      clearTimeout(timer)
      const wait = backoff.remainingMs()
      if (wait > 0) timer = setTimeout(onReady, wait)
      else void attempt()
    },
    stop: () => clearTimeout(timer),
  }
}
