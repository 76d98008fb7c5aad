import type { Live, Operation, Role } from '@bangui/shared'
import type { HostContext } from '../../hosts/host-context.ts'
import { redactSnapshot } from '../../redact-by-role.ts'
import { snapshotOf } from '../../state/runtime-state.ts'
import type { Operations } from '../operations/operations.ts'

/** The state and jails of one host that a viewer was sent last. */
export interface Levels {
  /** Everything as it is now, with the host's operations. */
  snapshot(operations: readonly Operation[]): Live
  /** Yields what changed since it was sent last; each message is built when it is taken. */
  changed(): Generator<Live>
}

/** Follows the levels of a host for a viewer of a role. */
export function createLevels(host: Pick<HostContext, 'key' | 'state' | 'jails'>, role: Role): Levels {
  const { key } = host
  let revision = -1
  let jails = host.jails.store.get()
  const runtime = () => {
    const state = host.state.get()
    revision = state.revision
    return redactSnapshot(snapshotOf(state), role)
  }
  return {
    snapshot(operations) {
      jails = host.jails.store.get()
      return {
        type: 'snapshot',
        host: key,
        runtime: runtime(),
        jails: jails && [...jails],
        operations: operations.filter((operation) => operation.host === key),
      }
    },
    *changed() {
      if (host.state.get().revision !== revision) yield { type: 'runtime', host: key, runtime: runtime() }
      const newJails = host.jails.store.get()
      if (newJails && newJails !== jails) {
        jails = newJails
        yield { type: 'jails', host: key, jails: [...newJails] }
      }
    },
  }
}

/** The operations that a viewer was sent last. */
export interface OperationLevels {
  list(): readonly Operation[]
  /** Yields those that changed since they were sent last. */
  changed(): Generator<Live>
}

/** Follows the operations of hosts with these keys, from what {@link OperationLevels.list} has returned. */
export function createOperationLevels(all: Operations, hosts: ReadonlySet<string>): OperationLevels {
  let operations: ReadonlyMap<string, Operation> = new Map()
  const take = () => {
    const before = operations
    const ofHosts = all.list().filter(({ host }) => hosts.has(host))
    operations = new Map(ofHosts.map((operation) => [operation.id, operation]))
    return before
  }
  return {
    list() {
      take()
      return [...operations.values()]
    },
    *changed() {
      const before = take()
      for (const operation of operations.values())
        if (before.get(operation.id) !== operation) yield { type: 'operation', ...operation }
    },
  }
}
