import type { ChangeJournal, SavedChange } from '@bangui/shared'

/** A journal for tests: it forgets everything with the process. */
export function createMemoryJournal(): ChangeJournal & {
  readonly changes: ReadonlyMap<string, SavedChange>
} {
  const changes = new Map<string, SavedChange>()
  return {
    changes,
    save: async (change) => {
      changes.set(change.id, change)
    },
    get: async (id) => changes.get(id),
    setState: async (id, state) => {
      const change = changes.get(id)
      if (change) changes.set(id, { ...change, state })
    },
    listInterrupted: async () => [...changes.values()].filter(({ state }) => state === 'applying'),
  }
}
