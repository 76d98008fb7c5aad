/** Passes items on to all current listeners. */
export interface Bus<TItem> {
  emit(item: TItem): void
  /** Calls the listener with each item until the returned function is called. */
  listen(listener: (item: TItem) => void): () => void
}

/** Creates a bus in memory. An error of one listener does not affect the others. */
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
