import type { HostContext } from './host-context.ts'

/** The hosts that this process manages, in the order in which they were added. */
export interface Hosts {
  list(): readonly HostContext[]
  find(key: string): HostContext | undefined
  add(host: HostContext): void
}

/** Creates {@link Hosts}, at first with the hosts that are given. */
export function createHosts(first: readonly HostContext[] = []): Hosts {
  const byKey = new Map(first.map((host) => [host.key, host]))
  return {
    list: () => [...byKey.values()],
    find: (key) => byKey.get(key),
    add: (host) => void byKey.set(host.key, host),
  }
}
