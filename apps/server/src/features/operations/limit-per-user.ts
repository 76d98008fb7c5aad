import { AppError } from '../../lib/errors.ts'

/** Limits the readings that a user has at once. @throws AppError too_many_readings */
export type LimitPerUser = <TResult>(userId: number, work: () => Promise<TResult>) => Promise<TResult>

/** Creates the limit that keeps one user from delaying all others. */
export function createLimitPerUser({ most }: { readonly most: number }): LimitPerUser {
  const running = new Map<number, number>()
  const change = (userId: number, by: number) => {
    const count = (running.get(userId) ?? 0) + by
    if (count > most) throw new AppError('too_many_readings', { most })
    if (count === 0) running.delete(userId)
    else running.set(userId, count)
  }
  return async (userId, work) => {
    change(userId, 1)
    try {
      return await work()
    } finally {
      change(userId, -1)
    }
  }
}
