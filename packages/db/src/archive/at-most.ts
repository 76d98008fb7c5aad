/** Runs work when its turn comes; a caller who gives up before rejects at once. */
export type InTurn = <TResult>(work: () => Promise<TResult>, signal?: AbortSignal) => Promise<TResult>

/** Makes the line in which so many run at once and the others wait, the first to come first. */
export function createAtMost(count: number): InTurn {
  const waiting = new Set<() => void>()
  let free = count

  const turn = (signal: AbortSignal | undefined): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => {
      waiting.delete(go)
      reject(new DOMException('It was cancelled.', 'AbortError'))
    }
    const go = () => {
      signal?.removeEventListener('abort', giveUp)
      resolve()
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    waiting.add(go)
    return promise
  }
  const passOn = () => {
    const [next] = waiting
    if (!next) free += 1
    else if (waiting.delete(next)) next()
  }

  return async (work, signal) => {
    signal?.throwIfAborted()
    if (free > 0) free -= 1
    else await turn(signal)
    try {
      return await work()
    } finally {
      passOn()
    }
  }
}
