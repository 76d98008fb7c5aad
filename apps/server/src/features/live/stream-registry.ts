import { AppError } from '../../lib/errors.ts'

/** How many streams one session may hold, and all together. */
export const streamLimits = { session: 20, total: 500 }

/** How long a poll without a stream counts as an open page, in milliseconds. */
const READ_COUNTS_MS = 10_000

/** The open live streams, by session, so that a session that ends takes its streams with it. */
export interface StreamRegistry {
  /** Counts a stream in; its signal aborts with `signal`, with the session's end, or at shutdown. @throws AppError too_many_streams */
  open(sessionId: string, signal: AbortSignal | undefined): AbortSignal
  /** Ends the streams of a session with the error `no_session`. */
  endSession(sessionId: string): void
  /** Ends all streams; their readers connect again. */
  endAll(): void
  readonly count: number
  /** Notes that somebody polled instead of opening a stream. */
  noteRead(): void
  /** Whether a page is open: there is a stream, or somebody polled a moment ago. */
  readonly isWatched: boolean
}

/** Keeps the streams in memory. */
export function createStreamRegistry(limits = streamLimits): StreamRegistry {
  const streams = new Map<string, Set<AbortController>>()
  let count = 0
  let readAt = Number.NEGATIVE_INFINITY

  const remove = (sessionId: string, controller: AbortController) => {
    const own = streams.get(sessionId)
    if (!own?.delete(controller)) return
    count -= 1
    if (own.size === 0) streams.delete(sessionId)
  }

  return {
    get count() {
      return count
    },
    noteRead() {
      readAt = performance.now()
    },
    get isWatched() {
      return count > 0 || performance.now() - readAt < READ_COUNTS_MS
    },
    open(sessionId, signal) {
      const own = streams.get(sessionId) ?? new Set()
      if (own.size >= limits.session || count >= limits.total) throw new AppError('too_many_streams')
      const controller = new AbortController()
      streams.set(sessionId, own.add(controller))
      count += 1
      controller.signal.addEventListener('abort', () => remove(sessionId, controller), { once: true })
      signal?.addEventListener('abort', () => controller.abort(), { once: true })
      if (signal?.aborted) controller.abort()
      return controller.signal
    },
    endSession(sessionId) {
      for (const controller of streams.get(sessionId) ?? []) controller.abort(new AppError('no_session'))
    },
    endAll() {
      for (const own of streams.values())
        for (const controller of own) controller.abort(new AppError('restarting'))
    },
  }
}
