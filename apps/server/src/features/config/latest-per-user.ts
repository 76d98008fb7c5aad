import { AppError } from '../../lib/errors.ts'

/** Runs one piece of work of each user at a time: newer work ends the one before it, or waits for its end. @throws AppError in the older one */
export type LatestPerUser = <TResult>(
  userId: number,
  work: (signal: AbortSignal) => Promise<TResult>,
  signal?: AbortSignal,
) => Promise<TResult>

interface Running {
  readonly controller: AbortController
  readonly ended: Promise<unknown>
}

/** Creates {@link LatestPerUser}. `replaced`: what the older work is refused with, unless it ends by itself. */
export function createLatestPerUser(
  replaced: 'regex_test_replaced' | 'preview_replaced' = 'regex_test_replaced',
): LatestPerUser {
  const latest = new Map<number, Running>()
  return async (userId, work, signal) => {
    const controller = new AbortController()
    const either = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal
    const before = latest.get(userId)
    before?.controller.abort(new AppError(replaced))
    const result = (async () => {
      await before?.ended
      either.throwIfAborted()
      return work(either)
    })()
    const running = { controller, ended: result.catch(() => undefined) }
    latest.set(userId, running)
    try {
      return await result
    } finally {
      if (latest.get(userId) === running) latest.delete(userId)
    }
  }
}
