/** The loads of a host that are under way, which can be cancelled. */
export interface Loads {
  /** Runs a load; its signal aborts when it is cancelled. */
  run<TResult>(work: (signal: AbortSignal) => Promise<TResult>): Promise<TResult>
  /** Cancels the loads under way. Returns whether there was one. */
  cancel(): boolean
}

/** Creates the {@link Loads} of a host. */
export function createLoads(): Loads {
  const running = new Set<AbortController>()
  return {
    async run(work) {
      const controller = new AbortController()
      running.add(controller)
      try {
        return await work(controller.signal)
      } finally {
        running.delete(controller)
      }
    },
    cancel() {
      for (const controller of running) controller.abort()
      return running.size > 0
    },
  }
}
