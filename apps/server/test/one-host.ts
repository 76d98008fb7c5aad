import type { HostDeps } from '../src/deps.ts'
import type { HostContext } from '../src/hosts/host-context.ts'
import { createHosts } from '../src/hosts/hosts.ts'

/** Returns the context of the host that dependencies are of. */
export const hostOf = (deps: HostContext): HostContext => {
  const {
    id,
    key,
    name,
    kind,
    host,
    state,
    jails,
    bantimes,
    stopActors,
    monitor,
    archive,
    comparison,
    events,
  } = deps
  const { hostDb, changes, outsideChanges, confirmations, pauses, ignores, health } = deps
  const { reconcile, importNew, checkBans } = deps
  const kept = { host, state, jails, bantimes, stopActors, monitor, archive, comparison, events }
  return {
    id,
    key,
    name,
    kind,
    hostDb,
    changes,
    outsideChanges,
    confirmations,
    pauses,
    ignores,
    health,
    ...kept,
    reconcile,
    importNew,
    checkBans,
  }
}

/** Returns the dependencies with other parts, of their only host too. */
export function withHost(deps: HostDeps, over: Partial<HostDeps>): HostDeps {
  const changed = { ...deps, ...over }
  return { ...changed, hosts: createHosts([hostOf(changed)]) }
}
