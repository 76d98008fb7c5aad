import { keyedSingleFlight } from '@bangui/async'
import type { ReadOptions } from './reader-port.ts'

type OnProgress = NonNullable<ReadOptions['onProgress']>

/** Starts a scan, or joins the one of the same key that is under way. It ends when everybody who asked has aborted. */
export type SharedScan<TResult> = (
  key: string,
  scan: (options: Required<ReadOptions>) => Promise<TResult>,
  options?: ReadOptions,
) => Promise<TResult>

/** Runs scans of the same key once for all who ask meanwhile; each of them receives the progress. */
export function createSharedScan<TResult>(): SharedScan<TResult> {
  const flight = keyedSingleFlight<TResult>()
  const listeners = new Map<string, Set<OnProgress>>()

  const listen = (key: string, listener: OnProgress) => {
    const all = listeners.get(key) ?? new Set()
    listeners.set(key, all.add(listener))
    return () => {
      all.delete(listener)
      if (all.size === 0 && listeners.get(key) === all) listeners.delete(key)
    }
  }

  return async (key, scan, { signal, onProgress } = {}) => {
    // one of its own, since two callers may give the same function
    const stopListening = onProgress && listen(key, (done, total) => onProgress(done, total))
    const report: OnProgress = (done, total) => {
      for (const listener of listeners.get(key) ?? []) listener(done, total)
    }
    try {
      return await flight(key, (shared) => scan({ signal: shared, onProgress: report }), { signal })
    } finally {
      stopListening?.()
    }
  }
}
