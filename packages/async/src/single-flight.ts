import { untilAborted, type AbortOptions } from './abort.ts'

/**
 * Starts work, or joins the work of the same key that is under way, and returns its result. The signal of the work
 * aborts when all who asked for it have aborted; whoever asks without a signal keeps it going.
 * @throws the reason of the caller's signal
 */
export type KeyedSingleFlight<TResult> = (
  key: string,
  work: (signal: AbortSignal) => Promise<TResult>,
  options?: AbortOptions,
) => Promise<TResult>

interface Flight<TResult> {
  readonly result: Promise<TResult>
  readonly controller: AbortController
  waiting: number
}

/** Makes callers that ask for the same key at the same time share one run of the work. */
export function keyedSingleFlight<TResult>(): KeyedSingleFlight<TResult> {
  const flights = new Map<string, Flight<TResult>>()

  const begin = (key: string, work: (signal: AbortSignal) => Promise<TResult>): Flight<TResult> => {
    const controller = new AbortController()
    const flight = { result: work(controller.signal), controller, waiting: 0 }
    flights.set(key, flight)
    const end = () => forget(key, flight)
    flight.result.then(end, end)
    return flight
  }
  const forget = (key: string, flight: Flight<TResult>) => {
    if (flights.get(key) === flight) flights.delete(key)
  }

  return (key, work, { signal } = {}) => {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const flight = flights.get(key) ?? begin(key, work)
    flight.waiting += 1
    if (!signal) return flight.result
    return untilAborted(flight.result, signal).finally(() => {
      flight.waiting -= 1
      if (flight.waiting > 0 || !signal.aborted) return
      // whoever asks from now on starts anew
      forget(key, flight)
      flight.controller.abort(signal.reason)
    })
  }
}

/** Returns a function that starts `run`, or joins the run that is under way. See {@link KeyedSingleFlight} for aborts. */
export function singleFlight<TResult>(
  run: (signal: AbortSignal) => Promise<TResult>,
): (options?: AbortOptions) => Promise<TResult> {
  const flight = keyedSingleFlight<TResult>()
  return (options) => flight('', run, options)
}
