import type { AbortOptions } from './abort.ts'
import { notifier } from './notifier.ts'

/** What long work yields: a step on its way, or, as the last one, its result. */
export type Step<TStep, TResult> = { readonly step: TStep } | { readonly result: TResult }

/** Long work as plain data: its steps in order, then its result. It rejects where the work does. */
export type Steps<TStep, TResult> = AsyncIterable<Step<TStep, TResult>>

/**
 * Yields the steps that `work` emits, then its result. The work starts with the iteration and does not wait for whoever
 * reads the steps: it goes on where the iteration ends early.
 * @throws what the work throws, after its last step
 */
export async function* stepsOf<TStep, TResult>(
  work: (emit: (step: TStep) => void) => Promise<TResult>,
): AsyncGenerator<Step<TStep, TResult>> {
  const items: Step<TStep, TResult>[] = []
  const changed = notifier()
  let failure: { readonly error: unknown } | undefined
  const add = (item: Step<TStep, TResult>) => {
    items.push(item)
    changed.notify()
  }
  const run = async () => add({ result: await work((step) => add({ step })) })
  run().catch((error: unknown) => {
    failure = { error }
    changed.notify()
  })
  for (;;) {
    const item = items.shift()
    if (item) {
      yield item
      if ('result' in item) return
    } else if (failure) throw failure.error
    else await changed.wait()
  }
}

/** Reads steps to their end, calls `onStep` with each, and returns the result. @throws what the steps throw */
export async function resultOf<TStep, TResult>(
  steps: Steps<TStep, TResult>,
  onStep?: (step: TStep) => void,
): Promise<TResult> {
  for await (const item of steps) {
    if ('result' in item) return item.result
    onStep?.(item.step)
  }
  throw new Error('The work ended without a result.')
}

/** Yields the events of a listener, from the first iteration until the signal aborts or the iteration ends. */
export async function* eventsOf<TEvent>(
  listen: (listener: (event: TEvent) => void) => () => void,
  { signal }: AbortOptions = {},
): AsyncGenerator<TEvent> {
  const events: TEvent[] = []
  const changed = notifier()
  const stop = listen((event) => {
    events.push(event)
    changed.notify()
  })
  try {
    for (;;) {
      if (signal?.aborted === true) return
      if (events.length === 0) await changed.wait({ signal })
      else yield events.shift() as TEvent
    }
  } finally {
    stop()
  }
}
