import { connectionTimes } from './connection-times.ts'
import { createTimer } from './timer.ts'

export type PollingOptions<TAnswer> = {
  request: (signal: AbortSignal) => Promise<TAnswer>
  /** `queriedAt` is a time of `performance.now()` */
  onAnswer: (answer: TAnswer, queriedAt: number) => void
  onFailure: (error: unknown) => void
}

/** Polls between `start` and `stop`, one query at a time; replies to queries from before `stop` are dropped. */
export function createPolling<TAnswer>(options: PollingOptions<TAnswer>) {
  let current: AbortController | undefined
  const pause = createTimer()
  const deadline = createTimer()

  const poll = async (attempt: AbortController) => {
    const queriedAt = performance.now()
    deadline.start(connectionTimes.pollTimeout, () => attempt.abort(new Error('no answer in time')))
    try {
      const answer = await options.request(attempt.signal)
      if (current === attempt) options.onAnswer(answer, queriedAt)
    } catch (error) {
      if (current === attempt) options.onFailure(error)
    }
    if (current === attempt) {
      deadline.stop()
      pause.start(connectionTimes.pollEvery, begin)
    }
  }
  const begin = () => {
    current = new AbortController()
    void poll(current)
  }
  return {
    start() {
      if (!current) begin()
    },
    stop() {
      pause.stop()
      deadline.stop()
      const attempt = current
      current = undefined
      attempt?.abort()
    },
  }
}
