import { vi } from 'vitest'

/** Repeats a check until it holds, for at most twenty seconds: it says how it failed the last time. */
export const eventually = <TResult>(check: () => TResult | Promise<TResult>): Promise<TResult> =>
  vi.waitFor(check, { timeout: 20_000, interval: 50 })
