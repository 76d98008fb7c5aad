import type { Live, Operation, Role } from '@bangui/shared'
import type { Operations } from '../operations/operations.ts'
import type { HostContext } from '../../hosts/host-context.ts'
import { redactSnapshot } from '../../redact-by-role.ts'
import { snapshotOf } from '../../state/runtime-state.ts'

/** The state, jails and operations of one host that a viewer was sent last. */
export interface Levels {
  /** Everything as it is now. */
  snapshot(): Live
  /** Yields what changed since it was sent last; each message is built when it is taken. */
  changed(): Generator<Live>
}

export interface LevelSources {
  readonly host: Pick<HostContext, 'key' | 'state' | 'jails'>
  readonly operations: Operations
}

/** Follows the levels of a host for a viewer of a role. */
export function createLevels({ host, operations: all }: LevelSources, role: Role): Levels {
  const { key } = host
  let revision = -1
  let jails = host.jails.store.get()
  let operations: ReadonlyMap<string, Operation> = new Map()
  const byId = () =>
    new Map(all.list().flatMap((operation) => (operation.host === key ? [[operation.id, operation]] : [])))
  const runtime = () => {
    const state = host.state.get()
    revision = state.revision
    return redactSnapshot(snapshotOf(state), role)
  }
  return {
    snapshot() {
      jails = host.jails.store.get()
      operations = byId()
      return {
        type: 'snapshot',
        host: key,
        runtime: runtime(),
        jails: jails && [...jails],
        operations: [...operations.values()],
      }
    },
    *changed() {
      if (host.state.get().revision !== revision) yield { type: 'runtime', host: key, runtime: runtime() }
      const newJails = host.jails.store.get()
      if (newJails && newJails !== jails) {
        jails = newJails
        yield { type: 'jails', host: key, jails: [...newJails] }
      }
      const before = operations
      operations = byId()
      for (const operation of operations.values())
        if (before.get(operation.id) !== operation) yield { type: 'operation', ...operation }
    },
  }
}
