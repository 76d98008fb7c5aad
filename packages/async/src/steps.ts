import type { AbortOptions } from './abort.ts'
import { notifier } from './notifier.ts'

/** What long work yields: a step on its way, or, as the last one, its result. */
export type Step<TStep, TResult> = { readonly step: TStep } | { readonly result: TResult }

/** Long work as plain data: its steps in order, then its result. It rejects where the work does. */
export type Steps<TStep, TResult> = AsyncIterable<Step<TStep, TResult>>

/** How many steps or events wait for a reader; the oldest are dropped before a newer one. */
const MAX_UNREAD = 1000

/**
 * Yields the steps that `work` emits, then its result. The work starts with the iteration and does not wait for whoever
 * reads the steps: of those that are not read in time only the newest are kept. Its signal aborts where the iteration ends
 * early; work that does not heed the signal goes on.
 * @throws what the work throws, after its last step
 */
export async function* stepsOf<TStep, TResult>(
  work: (emit: (step: TStep) => void, signal: AbortSignal) => Promise<TResult>,
): AsyncGenerator<Step<TStep, TResult>> {
  const items: Step<TStep, TResult>[] = []
  const changed = notifier()
  const left = new AbortController()
  let failure: { readonly error: unknown } | undefined
  const add = (item: Step<TStep, TResult>) => {
    keepNewest(items, item)
    changed.notify()
  }
  const run = async () => add({ result: await work((step) => add({ step }), left.signal) })
  run().catch((error: unknown) => {
    failure = { error }
    changed.notify()
  })
  try {
    for (;;) {
      const item = items.shift()
      if (item) yield item
      else if (failure) throw failure.error
      else await changed.wait()
      if (item && 'result' in item) return
    }
  } finally {
    left.abort()
  }
}

function keepNewest<TItem>(items: TItem[], item: TItem): void {
  if (items.length >= MAX_UNREAD) items.shift()
  items.push(item)
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

/**
 * Yields the events of a listener, from the first iteration until the signal aborts or the iteration ends. Of events that
 * are not read in time only the newest are kept.
 */
export async function* eventsOf<TEvent>(
  listen: (listener: (event: TEvent) => void) => () => void,
  { signal }: AbortOptions = {},
): AsyncGenerator<TEvent> {
  const events: TEvent[] = []
  const changed = notifier()
  const stop = listen((event) => {
    keepNewest(events, event)
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
