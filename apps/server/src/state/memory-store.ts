import type { Store } from './state-store.ts'

export interface MemoryStoreOptions<TValue> {
  readonly initial: TValue
  /** Whether a user can tell the two values apart; watchers wake only then. @default they are not the same object */
  readonly differs?: (before: TValue, after: TValue) => boolean
  /** Called with what is to be kept when `differs` said yes, such as to count a revision. @default keeps it as it is */
  readonly settle?: (before: TValue, after: TValue) => TValue
  /** Writes what must last; runs in order, never twice at once. */
  readonly persist?: (before: TValue, after: TValue) => Promise<void>
}

/** A store in this process's memory. Watchers hold no queue: each reads the newest value when it is ready. */
export function createMemoryStore<TValue>(options: MemoryStoreOptions<TValue>): Store<TValue> {
  const {
    differs = (before, after) => before !== after,
    settle = (_before, after) => after,
    persist,
  } = options
  let value = options.initial
  let version = 0
  let written = Promise.resolve()
  const waiting = new Set<() => void>()

  const wake = () => {
    version += 1
    const sleepers = [...waiting]
    waiting.clear()
    for (const go of sleepers) go()
  }

  return {
    get: () => value,

    update(change) {
      const before = value
      const changed = change(before)
      const visible = differs(before, changed)
      value = visible ? settle(before, changed) : changed
      const after = value
      if (visible) wake()
      if (!persist) return Promise.resolve(after)
      const writing = written.then(() => persist(before, after))
      // a failed write rejects for its caller; the next one starts from a clean chain
      written = writing.catch(() => undefined)
      return writing.then(() => after)
    },

    async *watch(signal) {
      let seen = -1
      while (!signal.aborted) {
        if (seen !== version) {
          seen = version
          yield value
          continue
        }
        await nextChange(waiting, signal)
      }
    },
  }
}

/** Resolves at the next change or when the signal aborts, and leaves nothing behind. */
function nextChange(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      waiting.delete(finish)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    waiting.add(finish)
    signal.addEventListener('abort', finish, { once: true })
  })
}
