/** Makes a function that, while a run is under way, joins it instead of starting another. */
export function singleFlight<TResult>(run: () => Promise<TResult>): () => Promise<TResult> {
  let current: Promise<TResult> | null = null
  return () => {
    current ??= run().finally(() => {
      current = null
    })
    return current
  }
}
