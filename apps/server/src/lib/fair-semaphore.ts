/** Lets work run a few at a time: first in, first out, with few waiting for each source. */
export interface FairSemaphore {
  /** Runs `work` when its turn comes and returns its result. @throws what `onFull` returns, where too many wait already */
  run<TResult>(work: () => Promise<TResult>, caller: Caller): Promise<TResult>
}

export interface Caller {
  /** on whose behalf the work is done, such as an address: each source may have few waiting */
  readonly source: string
  /** `urgent` work goes before all other; `trusted` callers have places in the queue that others cannot take */
  readonly rank: 'urgent' | 'trusted' | 'normal'
}

export interface FairSemaphoreOptions {
  /** how many run at once */
  readonly concurrency: number
  /** how many may wait; as many places again are kept for trusted callers, and as many for urgent work */
  readonly maxWaiting: number
  /** how many of one source may wait */
  readonly maxPerSource: number
  readonly onFull: () => Error
}

interface Waiting extends Caller {
  readonly start: () => void
}

export function createFairSemaphore(options: FairSemaphoreOptions): FairSemaphore {
  const { concurrency, maxWaiting, maxPerSource, onFull } = options
  const urgent: Waiting[] = []
  const others: Waiting[] = []
  let running = 0

  const isFull = ({ source, rank }: Caller): boolean => {
    const all = [...urgent, ...others]
    if (all.filter((waiting) => waiting.source === source).length >= maxPerSource) return true
    return all.filter((waiting) => waiting.rank === rank).length >= maxWaiting
  }

  const enter = (caller: Caller): Promise<void> => {
    if (running < concurrency) {
      running += 1
      return Promise.resolve()
    }
    if (isFull(caller)) throw onFull()
    return new Promise((start) => {
      const queue = caller.rank === 'urgent' ? urgent : others
      queue.push({ ...caller, start })
    })
  }

  const leave = () => {
    const next = urgent.shift() ?? others.shift()
    // the turn is handed on
    if (next) next.start()
    else running -= 1
  }

  return {
    async run(work, caller) {
      await enter(caller)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
