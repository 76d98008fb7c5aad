import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import type { ConnectionEvents } from './connection-events.ts'
import { openEnvelope } from './open-envelope.ts'
import { replyLimitsOf } from './reply-limits.ts'
import type { ReplySocket } from './reply-socket.ts'
import { createRequestQueue, type PendingRequest, type RequestQueue } from './request-queue.ts'
import { createSilenceTimer } from './silence-timer.ts'
import { createSocketOpener } from './socket-opener.ts'

/** Sends requests over one socket at a time, which it opens when there is something to send. */
export interface RequestChannel {
  /** A socket is open; the successor of one that was given up for its silence counts once something came. */
  readonly isConnected: boolean
  /** Queues a request, and sends it when its turn comes. @throws Fail2banUnavailableError when too many wait */
  add(request: PendingRequest): void
  /** Fails what waits, and ends the socket for good. */
  close(reason: Fail2banUnavailableError): Promise<void>
}

export interface RequestChannelOptions {
  readonly socketPath: string
  readonly events: ConnectionEvents
  /** milliseconds without a byte, all deadlines over, after which a socket is given up */
  readonly silenceLimit: number
  /** see DaemonConnectionOptions */
  readonly refusal?: ((sinceClose: number) => Promise<Fail2banUnavailableError | undefined>) | undefined
}

const GOODBYE_TIMEOUT_MS = 500

/** Creates a channel; nothing is opened before the first request. */
export function createRequestChannel(options: RequestChannelOptions): RequestChannel {
  const { events, silenceLimit } = options
  let socket: ReplySocket | null = null
  let isClosed = false

  const queue = createRequestQueue({
    onOverdue: () => silence.update(),
    send: (request) => {
      if (queue.outstanding === 0) silence.noteRequest()
      socket?.send(request.frame)
    },
  })

  const silence = createSilenceTimer({
    limitMs: silenceLimit,
    queue,
    isOpen: () => socket !== null,
    onSilent: () => drop(() => new Fail2banUnavailableError('timeout', 'fail2ban did not answer.')),
  })

  const opener = createSocketOpener({
    path: options.socketPath,
    refusal: options.refusal,
    nextLimits: () => queue.nextLimits ?? replyLimitsOf([]),
    onReply: (reply) => onReply(reply),
    onBytes: silence.noteBytes,
    onClose: (problem) => onClose(problem),
    onOpen(opened) {
      if (isClosed) opened.destroy()
      else socket = opened
    },
    onFailure: queue.failUnsent,
    onReady: () => sendNext(),
  })

  /** Sends what may be sent, or has a socket opened for it. */
  const sendNext = () => {
    if (isClosed || opener.isOpening || queue.unsent === 0) return
    if (socket) queue.sendNext()
    else opener.openSoon()
  }

  /** Forgets the socket and settles what was sent over it; what is still unsent gets a new one. */
  const drop = (reason: () => Fail2banUnavailableError) => {
    silence.stop()
    socket?.destroy()
    socket = null
    queue.failSent(reason)
    sendNext()
  }

  const onGarbage = (error: Fail2banUnavailableError) => {
    opener.noteGarbage(error)
    drop(() => error)
  }

  const onReply = (reply: unknown) => {
    const isLate = queue.isOverdue
    if (!settleNext(queue, reply)) return onGarbage(protocolError('The reply has an unknown form.'))
    opener.noteReply()
    if (isLate && !queue.isOverdue) events.emitAnswered()
    silence.update()
    sendNext()
  }

  const onClose = (problem?: Error) => {
    if (problem) return onGarbage(protocolError(problem.message, problem))
    drop(() => new Fail2banUnavailableError('refused', 'fail2ban closed the connection.'))
    events.emitClosed()
  }

  return {
    get isConnected() {
      return socket !== null && !silence.isSilent
    },
    add(request) {
      queue.add(request)
      sendNext()
    },
    async close(reason) {
      isClosed = true
      opener.stop()
      silence.stop()
      queue.failUnsent(reason)
      queue.failSent(() => reason)
      await socket?.end(GOODBYE_TIMEOUT_MS)
      socket = null
    },
  }
}

const protocolError = (detail: string, cause?: Error) =>
  new Fail2banUnavailableError(
    'protocol_error',
    `The program at fail2ban's socket does not speak its protocol: ${detail}`,
    {
      cause,
    },
  )

/** Settles the request that a reply belongs to. Returns false, and keeps the request, where it is no reply. */
const settleNext = (queue: RequestQueue, reply: unknown): boolean => {
  const envelope = openEnvelope(reply)
  const request = queue.shift()
  if (!request) return false
  if (envelope.kind === 'unknown') {
    queue.unshift(request)
    return false
  }
  settle(request, envelope)
  return true
}

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
