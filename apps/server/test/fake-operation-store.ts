import type { NewOperation } from '@bangui/db'
import type { OperationStore } from '../src/features/operations/operation-store.ts'

/** A record of operations in memory that knows their ids, and no list of them. */
export function createFakeOperationStore(verbs: Partial<OperationStore> = {}): OperationStore {
  const known = new Map<string, NewOperation>()
  const items = new Map<string, unknown[]>()
  return {
    async begin(operation) {
      if (known.has(operation.id)) return 'known'
      known.set(operation.id, operation)
      return 'begun'
    },
    update: async () => undefined,
    end: async () => undefined,
    reopen: async (id) => known.has(id),
    interrupt: async () => 0,
    find: async () => undefined,
    findParams: async (id) => known.get(id)?.params,
    listActors: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const one = known.get(id)
          return one ? [[id, one.actor] as const] : []
        }),
      ),
    listOfSpan: async () => [],
    countOfSpan: async () => 0,
    list: async () => ({ rows: [], nextCursor: null }),
    addItems: async (id, kind, added) => {
      const key = `${kind} ${id}`
      items.set(key, [...(items.get(key) ?? []), ...added])
    },
    replaceItems: async (id, kind, replaced) => void items.set(`${kind} ${id}`, [...replaced]),
    listItems: async (id, kind) => items.get(`${kind} ${id}`) ?? [],
    deleteItems: async (id) => {
      for (const key of items.keys()) if (key.endsWith(` ${id}`)) items.delete(key)
    },
    deleteOld: async () => 0,
    ...verbs,
  }
}
