import type { ReadOptions } from './archive.ts'

interface Running<TResult> {
  readonly promise: Promise<TResult>
  readonly controller: AbortController
  readonly listeners: Set<NonNullable<ReadOptions['onProgress']>>
  waiting: number
}

/** Long work that several may ask for at once. */
export interface SharedWork<TResult> {
  /** Joins the work of this key, or begins it. It ends when everybody who asked gave up. */
  run(
    key: string,
    work: (options: Required<ReadOptions>) => Promise<TResult>,
    options?: ReadOptions,
  ): Promise<TResult>
}

/** Runs work of the same key once for all who ask while it runs. */
export function createSharedWork<TResult>(): SharedWork<TResult> {
  const running = new Map<string, Running<TResult>>()

  function begin(key: string, work: (options: Required<ReadOptions>) => Promise<TResult>): Running<TResult> {
    const controller = new AbortController()
    const listeners: Running<TResult>['listeners'] = new Set()
    const onProgress = (done: number, total: number) => {
      for (const listener of listeners) listener(done, total)
    }
    const promise = work({ signal: controller.signal, onProgress }).finally(() => {
      if (running.get(key)?.controller === controller) running.delete(key)
    })
    const begun = { promise, controller, listeners, waiting: 0 }
    running.set(key, begun)
    return begun
  }

  return {
    async run(key, work, { signal, onProgress } = {}) {
      signal?.throwIfAborted()
      const joined = running.get(key) ?? begin(key, work)
      const { promise: aborted, reject } = Promise.withResolvers<never>()
      const giveUp = () => reject(new DOMException('It was cancelled.', 'AbortError'))
      signal?.addEventListener('abort', giveUp, { once: true })
      joined.waiting++
      if (onProgress) joined.listeners.add(onProgress)
      try {
        return await Promise.race([joined.promise, aborted])
      } finally {
        signal?.removeEventListener('abort', giveUp)
        if (onProgress) joined.listeners.delete(onProgress)
        if (--joined.waiting === 0) {
          if (running.get(key) === joined) running.delete(key)
          joined.controller.abort()
        }
      }
    },
  }
}
