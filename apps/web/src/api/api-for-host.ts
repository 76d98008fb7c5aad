import type { Api } from './create-api.ts'

/** The groups of procedures that take a host. */
const hostGroups: ReadonlySet<string | symbol> = new Set([
  'bans',
  'config',
  // its last word is one that a router may not have
  'config.apply',
  'events',
  'health',
  'pause',
  'history',
  'jails',
  'live',
  'operations',
  'recovery',
  'server',
  'state',
  'stats',
])
const verbs: ReadonlySet<string | symbol> = new Set(['query', 'mutate', 'subscribe'])

const hosts = new WeakMap<object, string>()
const known = new WeakMap<Api, Map<string, Api>>()

/** Returns an API whose procedures are about a host; undefined: the default one. The same for the same host. */
export function apiForHost(api: Api, host: string | undefined): Api {
  if (host === undefined) return api
  const ofHosts = known.get(api) ?? new Map<string, Api>()
  known.set(api, ofHosts)
  const found = ofHosts.get(host)
  if (found) return found
  const created = new Proxy(api, {
    get: (target, group) => {
      const value: unknown = Reflect.get(target, group)
      return hostGroups.has(group) ? withHost(value as object, host) : value
    },
  })
  hosts.set(created, host)
  ofHosts.set(host, created)
  return created
}

/** Returns the part of the key of a query that its host is; nothing for the default host. */
export const hostKeyOf = (api: object): readonly { readonly host: string }[] => {
  const host = hosts.get(api)
  return host === undefined ? [] : [{ host }]
}

/** Procedures are functions on proxies, a part of the path each. */
function withHost(part: object, host: string): unknown {
  return new Proxy(part, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (!verbs.has(name)) return withHost(value as object, host)
      return (input: object | undefined, ...options: readonly unknown[]) =>
        (value as (...given: readonly unknown[]) => unknown)({ ...input, host }, ...options)
    },
  })
}
