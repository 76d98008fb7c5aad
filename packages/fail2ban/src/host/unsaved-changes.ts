import type { ChangeStore, SavedChange } from './saved-change.ts'
import { isLoadOnly } from './saved-change.ts'

/** How many changes are kept in memory: one that was prepared and never applied stays. */
const MAX_UNSAVED = 20

/**
 * Returns a store that keeps a change without files in memory where it cannot be saved: a full disk must not keep a jail from being
 * stopped, and nothing of such a change would have to be restored.
 */
export function keepUnsaved(store: ChangeStore): ChangeStore {
  const unsaved = new Map<string, SavedChange>()
  return {
    ...store,
    async save(change) {
      try {
        await store.save(change)
      } catch (error) {
        if (!isLoadOnly(change)) throw error
        const [oldest] = unsaved.keys()
        if (oldest !== undefined && unsaved.size >= MAX_UNSAVED) unsaved.delete(oldest)
        unsaved.set(change.id, change)
      }
    },
    get: async (id) => unsaved.get(id) ?? store.get(id),
    async setState(id, state, confirmation) {
      const change = unsaved.get(id)
      if (change) unsaved.set(id, { ...change, state })
      else await store.setState(id, state, confirmation)
    },
    async forget(id) {
      unsaved.delete(id)
      await store.forget(id)
    },
  }
}
