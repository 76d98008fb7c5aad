import type { Live, Operation, Role } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { redactSnapshot } from '../../redact-by-role.ts'
import { snapshotOf } from '../../state/runtime-state.ts'

/** The state, jails and operations that one viewer was sent last. */
export interface Levels {
  /** Everything as it is now. */
  snapshot(): Live
  /** Yields what changed since it was sent last; each message is built when it is taken. */
  changed(): Generator<Live>
}

/** Follows the levels for a viewer of a role. */
export function createLevels(deps: Pick<HostDeps, 'state' | 'jails' | 'operations'>, role: Role): Levels {
  let revision = -1
  let jails = deps.jails.store.get()
  let operations: ReadonlyMap<string, Operation> = new Map()
  const byId = () => new Map(deps.operations.list().map((operation) => [operation.id, operation]))
  const runtime = () => {
    const state = deps.state.get()
    revision = state.revision
    return redactSnapshot(snapshotOf(state), role)
  }
  return {
    snapshot() {
      jails = deps.jails.store.get()
      operations = byId()
      return {
        type: 'snapshot',
        runtime: runtime(),
        jails: jails && [...jails],
        operations: [...operations.values()],
      }
    },
    *changed() {
      if (deps.state.get().revision !== revision) yield { type: 'runtime', runtime: runtime() }
      const newJails = deps.jails.store.get()
      if (newJails && newJails !== jails) {
        jails = newJails
        yield { type: 'jails', jails: [...newJails] }
      }
      const before = operations
      operations = byId()
      for (const operation of operations.values())
        if (before.get(operation.id) !== operation) yield { type: 'operation', ...operation }
    },
  }
}
