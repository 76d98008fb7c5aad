/** Hands what happens to everybody who listens now. */
export interface Bus<TItem> {
  emit(item: TItem): void
  /** Calls the listener with each item until the function that it gives is called. */
  listen(listener: (item: TItem) => void): () => void
}

/** A bus in memory; a listener that throws does not keep the others from hearing. */
export function createBus<TItem>(onError: (error: unknown) => void): Bus<TItem> {
  const listeners = new Set<(item: TItem) => void>()
  return {
    emit(item) {
      for (const listener of listeners) {
        try {
          listener(item)
        } catch (error) {
          onError(error)
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
