/** Lets many readers in at once, or one writer alone, in the order in which they come. */
export interface ReadWriteLock {
  read<TResult>(work: () => Promise<TResult>): Promise<TResult>
  write<TResult>(work: () => Promise<TResult>): Promise<TResult>
}

/** Creates a lock that nobody holds. */
export function createReadWriteLock(): ReadWriteLock {
  let writing: Promise<unknown> = Promise.resolve()
  const reading = new Set<Promise<unknown>>()
  return {
    read(work) {
      const result = writing.then(work)
      const done = result.catch(() => undefined).finally(() => reading.delete(done))
      reading.add(done)
      return result
    },
    write(work) {
      const result = Promise.all([writing, ...reading]).then(work)
      writing = result.catch(() => undefined)
      return result
    },
  }
}
