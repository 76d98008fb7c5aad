import { HostError, isHostError } from '../host-error.ts'
import type { BatchOptions, BatchStep } from '../models/ban-models.ts'
import type { HostLock } from './host-lock.ts'

const FIRST_SIZE = 10
/** A batch has so many addresses at most. */
export const MAX_BATCH = 50
/** How long the daemon may be kept from answering others, in milliseconds. */
const TARGET_MS = 100
/** Two batches that take no longer may wait at the daemon at once, in milliseconds. */
const QUICK_MS = 20

/** Returns the size of the batch that follows one of `size`, which took `milliseconds`: nearer to the target, at most doubled. */
export function nextBatchSize(size: number, milliseconds: number): number {
  const fitting = Math.floor((size * TARGET_MS) / Math.max(milliseconds, 1))
  return Math.min(MAX_BATCH, Math.max(1, Math.min(fitting, size * 2)))
}

/** How fast the daemon takes batches, for a little while also from one list to the next. */
export interface Pace {
  /** how many the next batch has */
  next(): number
  /** the last batch took so little that the daemon would only wait for the next one */
  isQuick(): boolean
  /** Notes how many milliseconds a batch of this size took. */
  took(size: number, milliseconds: number): void
}

/** After this the daemon may be another, or have more to do; milliseconds. */
const PACE_MEMORY_MS = 2_000

/** Begins with a small batch, and again after a break. */
export function createPace(clock: () => number = () => performance.now()): Pace {
  let size = FIRST_SIZE
  let duration = Infinity
  let last = -Infinity
  const isForgotten = () => clock() - last > PACE_MEMORY_MS
  return {
    next: () => (isForgotten() ? FIRST_SIZE : size),
    isQuick: () => !isForgotten() && duration <= QUICK_MS,
    took(count, milliseconds) {
      size = nextBatchSize(count, milliseconds)
      duration = milliseconds
      last = clock()
    },
  }
}

export interface Batches extends BatchOptions {
  /** what it returns is waited for after a batch, before the next one begins */
  readonly onStep?: ((step: BatchStep) => void | Promise<void>) | undefined
  readonly lock: Pick<HostLock, 'step'>
  /** @default that of a list of its own */
  readonly pace?: Pace
  /** a batch may be sent before the one before it is answered @default false */
  readonly ahead?: boolean
  /** sends one batch; a batch is never sent beside a change of the host */
  readonly send: (batch: readonly string[]) => Promise<void>
}

interface BatchUnderWay {
  readonly size: number
  readonly answered: Promise<void>
}

/**
 * Sends a list in batches whose size depends on how long the daemon takes, so that it answers others in between. Stops
 * between batches when the signal aborts, and returns how many were sent.
 * @throws what `send` throws; for an unreachable daemon with how many were sent
 */
export async function sendInBatches(items: readonly string[], batches: Batches): Promise<number> {
  const { lock, send, signal, onStep, pace = createPace(), ahead = false } = batches
  let begun = 0
  let done = 0
  let lastAnswer = -Infinity
  const isOver = () => begun >= items.length || signal?.aborted === true

  const begin = (): BatchUnderWay => {
    const size = pace.next()
    const batch = items.slice(begun, begun + size)
    const started = performance.now()
    begun += batch.length
    void onStep?.({ sent: begun, done })
    const answered = send(batch).then(() => {
      const now = performance.now()
      // the last batch of a list is too small to measure
      if (batch.length === size) pace.took(size, now - Math.max(started, lastAnswer))
      lastAnswer = now
    })
    // its failure reaches those who wait for it
    answered.catch(() => undefined)
    return { size: batch.length, answered }
  }

  /** A batch; of a quick daemon as many as fill its turn, one of them waiting there so that it never stands idle. */
  const takeTurn = async () => {
    const end = performance.now() + TARGET_MS
    // another jail may have been quicker than this one
    const mayFollow = () => ahead && lastAnswer > -Infinity && pace.isQuick() && performance.now() < end
    // a change may have kept this turn waiting
    let current = isOver() ? undefined : begin()
    while (current !== undefined) {
      const next: BatchUnderWay | undefined = mayFollow() && !isOver() ? begin() : undefined
      try {
        await current.answered
      } catch (error) {
        await next?.answered.catch(() => undefined)
        throw error
      }
      done += current.size
      await onStep?.({ sent: begun, done })
      current = next
    }
  }

  while (!isOver())
    await lock.step(takeTurn).catch((error: unknown) => {
      throw withProgress(error, done, items.length)
    })
  return done
}

function withProgress(error: unknown, count: number, total: number): unknown {
  if (total === 1 || !isHostError(error, 'daemon_unavailable', 'outcome_unknown')) return error
  return new HostError(error.code, { ...error.params, done: { count, total } }, { cause: error })
}
