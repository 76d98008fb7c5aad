import type { DaemonConnection, DaemonSignal, RequestOptions } from '../connection.ts'
import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { describeConnectFailure, isBusy } from './connect-failure.ts'
import { encodeCommand } from './encode-command.ts'
import { openEnvelope } from './open-envelope.ts'
import { replyLimitsOf, type ReplyLimits } from './reply-limits.ts'
import { openReplySocket, type ReplySocket } from './reply-socket.ts'
import { createRequestQueue, type PendingRequest } from './request-queue.ts'

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

const retryDelays = [20, 50, 100, 200, 400] as const
/** milliseconds without a new connection after so many replies in a row that were none */
const garbageDelays = [0, 500, 1000, 2000, 4000, 8000] as const
const goodbyePatience = 500
const closedSignalGap = 250

/**
 * Creates the connection to the daemon at a socket. A deadline that passes does not close it: the place of the request
 * in the queue is kept, its late reply discarded, and nothing more is sent until it has come.
 */
export const createDaemonConnection = (options: DaemonConnectionOptions): DaemonConnection => {
  const { socketPath, defaultDeadline = 5000, silenceLimit = 60_000 } = options
  const listeners = new Set<(signal: DaemonSignal) => void>()
  let socket: ReplySocket | null = null
  let isConnecting = false
  let isClosed = false
  /** given up for its silence; its successor counts as connected only once something came */
  let isSilent = false
  let failures = 0
  let nextAttemptAt = 0
  /** replies in a row that were none; each costs as much as the limits allow */
  let garbageReplies = 0
  let garbage: { readonly error: Fail2banUnavailableError; readonly until: number } | null = null
  let retryTimer: NodeJS.Timeout | undefined
  let silenceTimer: NodeJS.Timeout | undefined
  let signalTimer: NodeJS.Timeout | undefined
  let closedSignalAt = Number.NEGATIVE_INFINITY
  let lastBytesAt = 0
  let closedAt = Number.NEGATIVE_INFINITY

  const emit = (signal: DaemonSignal) => {
    for (const listener of listeners) listener(signal)
  }

  const queue = createRequestQueue({
    onOverdue: () => watchSilence(),
    send: (request) => {
      if (queue.outstanding === 0) lastBytesAt = performance.now()
      socket?.send(request.frame)
    },
  })

  const watchSilence = () => {
    clearTimeout(silenceTimer)
    if (!queue.isOverdue) return
    const rest = silenceLimit - (performance.now() - lastBytesAt)
    silenceTimer = setTimeout(
      () => {
        if (!socket || queue.hasDeadlineAhead || performance.now() - lastBytesAt < silenceLimit)
          return watchSilence()
        isSilent = true
        drop(() => new Fail2banUnavailableError('timeout', 'fail2ban did not answer.'))
      },
      Math.max(rest, 50),
    )
  }

  /** Forgets the socket and settles what was sent over it; what is still unsent gets a new connection. */
  const drop = (reason: () => Fail2banUnavailableError) => {
    clearTimeout(silenceTimer)
    socket?.destroy()
    socket = null
    queue.failSent(reason)
    pump()
  }

  /** Gives the connection up, and makes none for a while where that happens again and again. */
  const onGarbage = (error: Fail2banUnavailableError) => {
    const delay = garbageDelays[Math.min(garbageReplies, garbageDelays.length - 1)] ?? 0
    garbageReplies++
    garbage = { error, until: performance.now() + delay }
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
    garbageReplies = 0
    settle(request, envelope)
    if (isLate && !queue.isOverdue) emit('answered')
    watchSilence()
    pump()
  }

  const onClose = (problem?: Error) => {
    closedAt = performance.now()
    if (problem) return onGarbage(protocolError(problem.message, problem))
    drop(() => new Fail2banUnavailableError('refused', 'fail2ban closed the connection.'))
    // a daemon that closes again and again must not make its listeners run in a circle
    const wait = closedSignalAt + closedSignalGap - performance.now()
    clearTimeout(signalTimer)
    if (wait > 0) signalTimer = setTimeout(signalClosed, wait)
    else signalClosed()
  }

  const signalClosed = () => {
    closedSignalAt = performance.now()
    emit('closed')
  }

  const connect = async () => {
    isConnecting = true
    try {
      const refusal = await options.refusal?.(performance.now() - closedAt)
      if (refusal) throw refusal
      const opened = await openReplySocket({
        path: socketPath,
        nextLimits: () => queue.nextLimits ?? replyLimitsOf([]),
        onReply,
        onBytes: () => {
          lastBytesAt = performance.now()
          isSilent = false
        },
        onClose,
      })
      failures = 0
      if (isClosed) opened.destroy()
      else socket = opened
    } catch (error) {
      await onConnectFailure(error as NodeJS.ErrnoException | Fail2banUnavailableError)
    }
    isConnecting = false
    pump()
  }

  const onConnectFailure = async (error: NodeJS.ErrnoException | Fail2banUnavailableError) => {
    nextAttemptAt = performance.now() + (retryDelays[Math.min(failures, retryDelays.length - 1)] ?? 0)
    failures++
    if (error instanceof Fail2banUnavailableError) return queue.failUnsent(error)
    if (!isBusy(error)) queue.failUnsent(await describeConnectFailure(error, socketPath))
  }

  const pump = () => {
    if (isClosed || isConnecting || queue.unsent === 0) return
    if (socket) return queue.sendNext()
    if (garbage && performance.now() < garbage.until) return queue.failUnsent(garbage.error)
    clearTimeout(retryTimer)
    const wait = nextAttemptAt - performance.now()
    if (wait > 0) retryTimer = setTimeout(pump, wait)
    else void connect()
  }

  const limitsOf = (args: readonly string[]): ReplyLimits => {
    const limits = replyLimitsOf(args)
    return { ...limits, maxBytes: options.maxReplyBytes ?? limits.maxBytes }
  }

  return {
    get connected() {
      return socket !== null && !isSilent
    },
    request(args, requestOptions: RequestOptions = {}) {
      const { deadline = defaultDeadline, write = false } = requestOptions
      return new Promise((resolve, reject) => {
        if (isClosed)
          throw new Fail2banUnavailableError('refused', 'The connection to fail2ban was closed by BanGUI.')
        queue.add({ frame: encodeCommand(args), limits: limitsOf(args), deadline, write, resolve, reject })
        pump()
      })
    },
    onSignal(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      clearTimeout(retryTimer)
      clearTimeout(silenceTimer)
      clearTimeout(signalTimer)
      const reason = new Fail2banUnavailableError(
        'refused',
        'The connection to fail2ban was closed by BanGUI.',
      )
      queue.failUnsent(reason)
      queue.failSent(() => reason)
      await socket?.end(goodbyePatience)
      socket = null
    },
  }
}

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
