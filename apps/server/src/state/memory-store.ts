import { mutex, notifier } from '@bangui/async'
import type { Store } from './state-store.ts'

export interface MemoryStoreOptions<TValue> {
  readonly initial: TValue
  /** Returns whether a value is a change for watchers. @default the objects differ */
  readonly differs?: (before: TValue, after: TValue) => boolean
  /** Returns the value to keep of a change, such as with a new revision. @default the value itself */
  readonly settle?: (before: TValue, after: TValue) => TValue
  /** Writes the durable part; called in order, one call at a time. */
  readonly persist?: (before: TValue, after: TValue) => Promise<void>
}

/** Creates a store in memory. Watchers have no queue: each reads the newest value when it is ready. */
export function createMemoryStore<TValue>(options: MemoryStoreOptions<TValue>): Store<TValue> {
  const {
    differs = (before, after) => before !== after,
    settle = (_before, after) => after,
    persist,
  } = options
  let value = options.initial
  let version = 0
  const changed = notifier()
  const oneWrite = mutex()

  return {
    get: () => value,

    update(change) {
      const before = value
      const next = change(before)
      const visible = differs(before, next)
      value = visible ? settle(before, next) : next
      const after = value
      if (visible) {
        version += 1
        changed.notify()
      }
      if (!persist) return Promise.resolve(after)
      return oneWrite(() => persist(before, after)).then(() => after)
    },

    async *watch(signal) {
      let seen = -1
      while (!signal.aborted) {
        if (seen !== version) {
          seen = version
          yield value
          continue
        }
        await changed.wait({ signal })
      }
    },
  }
}
