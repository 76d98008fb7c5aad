import { vi } from 'vitest'

/** Repeats a check until it holds, for a minute at most: it says how it failed the last time. */
export const eventually = <TResult>(check: () => TResult | Promise<TResult>): Promise<TResult> =>
  vi.waitFor(check, { interval: 100 })
