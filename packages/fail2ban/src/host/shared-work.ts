/** Work that several callers wait for: each can give up, and the work is aborted only when nobody waits any more. */
export type SharedWork<TResult> = (
  key: string,
  work: (signal: AbortSignal) => Promise<TResult>,
  signal?: AbortSignal,
) => Promise<TResult>

interface Shared<TResult> {
  readonly result: Promise<TResult>
  readonly abort: AbortController
  waiting: number
}

/** Makes those who ask for the same key at the same time share one piece of work. */
export function createSharedWork<TResult>(): SharedWork<TResult> {
  const underWay = new Map<string, Shared<TResult>>()
  const forget = (key: string, shared: Shared<TResult>) => {
    if (underWay.get(key) === shared) underWay.delete(key)
  }
  const begin = (key: string, work: (signal: AbortSignal) => Promise<TResult>) => {
    const abort = new AbortController()
    const shared: Shared<TResult> = { result: work(abort.signal), abort, waiting: 0 }
    underWay.set(key, shared)
    const settled = () => forget(key, shared)
    shared.result.then(settled, settled)
    return shared
  }
  return async (key, work, signal) => {
    signal?.throwIfAborted()
    const shared = underWay.get(key) ?? begin(key, work)
    shared.waiting += 1
    try {
      return await orAborted(shared.result, signal)
    } finally {
      shared.waiting -= 1
      if (shared.waiting === 0) {
        forget(key, shared)
        shared.abort.abort(signal?.reason)
      }
    }
  }
}

/** What is awaited, or the reason of who gave it up. */
async function orAborted<TResult>(
  result: Promise<TResult>,
  signal: AbortSignal | undefined,
): Promise<TResult> {
  if (!signal) return result
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([result, promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
