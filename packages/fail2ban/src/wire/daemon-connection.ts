import type { DaemonConnection, RequestOptions } from '../connection.ts'
import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { createBackoff } from './backoff.ts'
import { describeConnectFailure, isBusy } from './connect-failure.ts'
import { createConnectionEvents } from './connection-events.ts'
import { encodeCommand } from './encode-command.ts'
import { openEnvelope } from './open-envelope.ts'
import { replyLimitsOf, type ReplyLimits } from './reply-limits.ts'
import { openReplySocket, type ReplySocket } from './reply-socket.ts'
import { createRequestQueue, type PendingRequest } from './request-queue.ts'
import { createSilenceTimer } from './silence-timer.ts'
import { createSocketOpener } from './socket-opener.ts'

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

/** Waits without a new connection after so many replies in a row that were none; each costs as much as the limits allow. */
const GARBAGE_DELAYS_MS = [0, 500, 1000, 2000, 4000, 8000]
const GOODBYE_TIMEOUT_MS = 500

/**
 * Creates the connection to the daemon at a socket. A deadline that passes does not close it: the place of the request
 * in the queue is kept, its late reply discarded, and nothing more is sent until it has come.
 */
export const createDaemonConnection = (options: DaemonConnectionOptions): DaemonConnection => {
  const { socketPath, defaultDeadline = 5000, silenceLimit = 60_000 } = options
  const events = createConnectionEvents()
  const garbageBackoff = createBackoff(GARBAGE_DELAYS_MS)
  let garbage: Fail2banUnavailableError | null = null
  let socket: ReplySocket | null = null
  let isClosed = false
  /** given up for its silence; its successor counts as connected only once something came */
  let isSilent = false
  let closedAt = Number.NEGATIVE_INFINITY

  const queue = createRequestQueue({
    onOverdue: () => silence.update(),
    send: (request) => {
      if (queue.outstanding === 0) silence.restart()
      socket?.send(request.frame)
    },
  })

  const silence = createSilenceTimer({
    limitMs: silenceLimit,
    queue,
    isOpen: () => socket !== null,
    onSilent: () => {
      isSilent = true
      drop(() => new Fail2banUnavailableError('timeout', 'fail2ban did not answer.'))
    },
  })

  /** Forgets the socket and settles what was sent over it; what is still unsent gets a new connection. */
  const drop = (reason: () => Fail2banUnavailableError) => {
    silence.stop()
    socket?.destroy()
    socket = null
    queue.failSent(reason)
    pump()
  }

  /** Gives the connection up, and makes none for a while where that happens again and again. */
  const onGarbage = (error: Fail2banUnavailableError) => {
    garbageBackoff.fail()
    garbage = error
    drop(() => error)
  }

  const onReply = (reply: unknown) => {
    const envelope = openEnvelope(reply)
    const isLate = queue.isOverdue
    const request = queue.shift()
    if (!request || envelope.kind === 'unknown') {
      if (request) queue.unshift(request)
      return onGarbage(protocolError('The reply has an unknown form.'))
    }
    garbageBackoff.reset()
    settle(request, envelope)
    if (isLate && !queue.isOverdue) events.emitAnswered()
    silence.update()
    pump()
  }

  const onBytes = () => {
    silence.restart()
    isSilent = false
  }

  const onClose = (problem?: Error) => {
    closedAt = performance.now()
    if (problem) return onGarbage(protocolError(problem.message, problem))
    drop(() => new Fail2banUnavailableError('refused', 'fail2ban closed the connection.'))
    events.emitClosed()
  }

  const opener = createSocketOpener({
    async open() {
      const refusal = await options.refusal?.(performance.now() - closedAt)
      if (refusal) throw refusal
      const nextLimits = () => queue.nextLimits ?? replyLimitsOf([])
      return openReplySocket({ path: socketPath, nextLimits, onReply, onBytes, onClose })
    },
    onOpen(opened) {
      if (isClosed) opened.destroy()
      else socket = opened
    },
    async onFailure(error) {
      if (error instanceof Fail2banUnavailableError) return queue.failUnsent(error)
      if (!isBusy(error)) queue.failUnsent(await describeConnectFailure(error, socketPath))
    },
    onReady: () => pump(),
  })

  /** Sends what may be sent, or has a socket opened for it. */
  const pump = () => {
    if (isClosed || opener.isOpening || queue.unsent === 0) return
    if (socket) return queue.sendNext()
    if (garbage && garbageBackoff.remainingMs() > 0) return queue.failUnsent(garbage)
    opener.openSoon()
  }

  return {
    get connected() {
      return socket !== null && !isSilent
    },
    request(args, requestOptions: RequestOptions = {}) {
      const { deadline = defaultDeadline, write = false } = requestOptions
      return new Promise((resolve, reject) => {
        if (isClosed) throw closedByBangui()
        const limits = limitsOf(args, options)
        queue.add({ frame: encodeCommand(args), limits, deadline, write, resolve, reject })
        pump()
      })
    },
    onConnectionEvent: events.listen,
    async close() {
      if (isClosed) return
      isClosed = true
      opener.stop()
      silence.stop()
      events.stop()
      const reason = closedByBangui()
      queue.failUnsent(reason)
      queue.failSent(() => reason)
      await socket?.end(GOODBYE_TIMEOUT_MS)
      socket = null
    },
  }
}

const limitsOf = (args: readonly string[], { maxReplyBytes }: DaemonConnectionOptions): ReplyLimits => {
  const limits = replyLimitsOf(args)
  return { ...limits, maxBytes: maxReplyBytes ?? limits.maxBytes }
}

const closedByBangui = () =>
  new Fail2banUnavailableError('refused', 'The connection to fail2ban was closed by BanGUI.')

const protocolError = (detail: string, cause?: Error) =>
  new Fail2banUnavailableError(
    'protocol_error',
    `What answers at fail2ban's socket does not speak its protocol: ${detail}`,
    {
      cause,
    },
  )

const settle = (
  request: PendingRequest,
  envelope: Exclude<ReturnType<typeof openEnvelope>, { kind: 'unknown' }>,
) => {
  if (envelope.kind === 'value') return request.resolve(envelope.value)
  if (envelope.kind === 'failed' && request.write) {
    return request.reject(new OutcomeUnknownError(envelope.error.message, { cause: envelope.error }))
  }
  request.reject(envelope.error)
}
