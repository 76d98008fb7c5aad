import { mutex, notifier } from '@bangui/async'
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
