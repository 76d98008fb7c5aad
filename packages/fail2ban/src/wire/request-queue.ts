import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import type { ReplyLimits } from './reply-limits.ts'

/** A request that has not been answered. */
export interface PendingRequest {
  readonly frame: Uint8Array
  /** the limits of its reply */
  readonly limits: ReplyLimits
  /** milliseconds */
  readonly deadline: number
  readonly write: boolean | 'batch'
  resolve(value: unknown): void
  reject(error: Error): void
}

interface Entry extends PendingRequest {
  timer: NodeJS.Timeout | undefined
  isSent: boolean
  /** its deadline has passed, which its caller knows; its reply is still to come */
  isOverdue: boolean
}

/** Requests in the order in which they are sent and answered. */
export interface RequestQueue {
  add(request: PendingRequest): void
  /** Sends what may be sent now: reads in their order, one write or two batches, and nothing after an overdue request. */
  sendNext(): void
  /** Takes the request that the next reply belongs to. */
  shift(): PendingRequest | undefined
  /** Puts back what {@link shift} took. */
  unshift(request: PendingRequest): void
  failUnsent(error: Error): void
  /** Fails what was sent: reads with the reason, writes as unknown. */
  failSent(reason: () => Fail2banUnavailableError): void
  readonly unsent: number
  readonly outstanding: number
  /** the limits of the reply that comes next; undefined: nothing was asked */
  readonly nextLimits: ReplyLimits | undefined
  readonly isOverdue: boolean
  /** a request was sent whose caller still waits */
  readonly hasDeadlineAhead: boolean
}

const MAX_UNSENT = 10_000
const MAX_OUTSTANDING = 64

/** Creates the queue of one connection; `send` writes a request, `onOverdue` is called when the deadline of a sent one passes. */
export const createRequestQueue = (hooks: {
  send(request: PendingRequest): void
  onOverdue(): void
}): RequestQueue => {
  let unsent: Entry[] = []
  const sent: Entry[] = []

  const onDeadline = (entry: Entry) => {
    if (entry.isSent) {
      entry.isOverdue = true
      entry.reject(lateError(entry, `fail2ban did not answer within ${seconds(entry.deadline)}.`))
      hooks.onOverdue()
      return
    }
    unsent = unsent.filter((other) => other !== entry)
    const message = `fail2ban is busy: the request could not be sent within ${seconds(entry.deadline)}, and was dropped.`
    entry.reject(new Fail2banUnavailableError('timeout', message))
  }

  return {
    add(request) {
      if (unsent.length >= MAX_UNSENT)
        throw new Fail2banUnavailableError('timeout', 'Too many requests wait for fail2ban.')
      const entry: Entry = { ...request, timer: undefined, isSent: false, isOverdue: false }
      entry.timer = setTimeout(onDeadline, entry.deadline, entry)
      unsent.push(entry)
    },
    sendNext() {
      for (let entry = unsent[0]; entry && maySend(entry, sent); entry = unsent[0]) {
        unsent.shift()
        entry.isSent = true
        hooks.send(entry)
        sent.push(entry)
      }
    },
    shift() {
      const entry = sent.shift()
      clearTimeout(entry?.timer)
      // the daemon begins with a batch when it has done the one before it
      const next = sent[0]
      if (entry?.write && next?.write === 'batch' && !next.isOverdue) next.timer?.refresh()
      return entry
    },
    unshift(request) {
      sent.unshift(request as Entry)
    },
    failUnsent(error) {
      for (const entry of unsent.splice(0)) {
        clearTimeout(entry.timer)
        entry.reject(error)
      }
    },
    failSent(reason) {
      for (const entry of sent.splice(0)) {
        clearTimeout(entry.timer)
        if (!entry.isOverdue) entry.reject(entry.write ? unknownOutcome(reason()) : reason())
      }
    },
    get unsent() {
      return unsent.length
    },
    get outstanding() {
      return sent.length
    },
    get nextLimits() {
      return sent[0]?.limits
    },
    get isOverdue() {
      return sent.some((entry) => entry.isOverdue)
    },
    get hasDeadlineAhead() {
      return sent.some((entry) => !entry.isOverdue)
    },
  }
}

/** Returns whether a request may follow those that were sent and are not answered. */
const maySend = (entry: Entry, sent: readonly Entry[]): boolean =>
  sent.length < MAX_OUTSTANDING &&
  !sent.some((other) => other.isOverdue) &&
  (!entry.write || mayWrite(entry, sent))

const mayWrite = (entry: Entry, sent: readonly Entry[]): boolean => {
  const writes = sent.filter((other) => other.write)
  return (
    writes.length === 0 || (writes.length === 1 && entry.write === 'batch' && writes[0]?.write === 'batch')
  )
}

const lateError = (entry: Entry, message: string): Error =>
  entry.write
    ? new OutcomeUnknownError(`${message} The command may still run.`)
    : new Fail2banUnavailableError('timeout', message)

const unknownOutcome = (cause: Fail2banUnavailableError): OutcomeUnknownError =>
  new OutcomeUnknownError(`${cause.message} Whether the command ran is not known.`, { cause })

const seconds = (milliseconds: number): string =>
  milliseconds === 1000 ? '1 second' : `${milliseconds / 1000} seconds`
