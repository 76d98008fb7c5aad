import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import type { BatchOptions } from '../host.ts'
import type { Gate } from './exclusive.ts'

const FIRST = 10
const MOST = 50
/** How long the daemon may be kept from answering others, in milliseconds. */
const AIM = 100

/** The size of the next batch after one of `size` that took so many milliseconds: nearer to the aim, at most doubled. */
export function nextBatchSize(size: number, milliseconds: number): number {
  const fitting = Math.floor((size * AIM) / Math.max(milliseconds, 1))
  return Math.min(MOST, Math.max(1, Math.min(fitting, size * 2)))
}

/** How fast the daemon takes batches, for a little while also from one list to the next. */
export interface Pace {
  /** how many the next batch has */
  next(): number
  /** A batch of so many took so many milliseconds. */
  took(size: number, milliseconds: number): void
}

/** After this the daemon may be another, or have more to do; milliseconds. */
const REMEMBERED = 2_000

/** Begins with a small batch, and again after a break. */
export function createPace(clock: () => number = () => performance.now()): Pace {
  let size = FIRST
  let last = -Infinity
  return {
    next: () => (clock() - last > REMEMBERED ? FIRST : size),
    took(count, milliseconds) {
      size = nextBatchSize(count, milliseconds)
      last = clock()
    },
  }
}

export interface Batches extends BatchOptions {
  readonly gate: Gate
  /** @default that of a list of its own */
  readonly pace?: Pace
  /** sends one batch; a batch is never sent beside a change of the host */
  readonly send: (batch: readonly string[]) => Promise<void>
}

/**
 * Sends a list in batches whose size follows from how long the daemon takes, one at a time, so that it answers others in
 * between. Ends between batches when the signal aborts, and gives how many were sent.
 * @throws what `send` throws, an unreachable daemon with how far it got
 */
export async function sendInBatches(items: readonly string[], batches: Batches): Promise<number> {
  const { gate, send, signal, onProgress, pace = createPace() } = batches
  let done = 0
  const isGivenUp = () => signal?.aborted === true
  const sendNext = async () => {
    // a change may have kept this one waiting
    if (isGivenUp()) return
    const size = pace.next()
    const batch = items.slice(done, done + size)
    const started = performance.now()
    await send(batch)
    // the end of a list says nothing about more of them
    if (batch.length === size) pace.took(size, performance.now() - started)
    done += batch.length
  }
  while (done < items.length && !isGivenUp()) {
    await gate.unit(sendNext).catch((error: unknown) => {
      throw withProgress(error, done, items.length)
    })
    onProgress?.(done)
  }
  return done
}

function withProgress(error: unknown, done: number, total: number): unknown {
  if (total === 1 || !(error instanceof Error)) return error
  const message = `${error.message} ${done} of ${total} addresses were done until then.`
  if (error instanceof Fail2banUnavailableError)
    return new Fail2banUnavailableError(error.reason, message, { cause: error })
  return error instanceof OutcomeUnknownError ? new OutcomeUnknownError(message, { cause: error }) : error
}
