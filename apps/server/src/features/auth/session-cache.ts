import type { Session } from './session.ts'

/** Remembers sessions by the hash of their token, so that not every request asks the database. */
export interface SessionCache {
  readonly type: 'memory' | 'none'
  get(key: string): Session | undefined
  set(key: string, session: Session): void
  delete(key: string): void
  clear(): void
}

export interface MemorySessionCacheOptions {
  /** how long an entry is believed, in milliseconds */
  readonly ttl: number
  readonly clock: () => number
  /** @default 1000 */
  readonly maxEntries?: number
}

/** A cache in this process's memory; the entry used least recently makes room. */
export function createMemorySessionCache({
  ttl,
  clock,
  maxEntries = 1000,
}: MemorySessionCacheOptions): SessionCache {
  const entries = new Map<string, { readonly session: Session; readonly since: number }>()

  return {
    type: 'memory',
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      const age = clock() - entry.since
      entries.delete(key)
      // a clock that stepped back makes an entry's age unknown
      if (age < 0 || age >= ttl) return undefined
      entries.set(key, entry)
      return entry.session
    },
    set(key, session) {
      entries.delete(key)
      entries.set(key, { session, since: clock() })
      const [oldest] = entries.keys()
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}

/** Remembers nothing. */
export const createNoSessionCache = (): SessionCache => ({
  type: 'none',
  get: () => undefined,
  set: () => {},
  delete: () => {},
  clear: () => {},
})
