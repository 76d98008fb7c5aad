import { ALL_HOSTS, can, LOCAL_HOST_KEY, type Permission, type PermissionHolder } from '@bangui/shared'
import { AppError } from '../lib/errors.ts'
import type { HostContext } from './host-context.ts'
import type { Hosts } from './hosts.ts'

/** Who asks, and what for. */
export interface Asker {
  readonly holder: PermissionHolder
  readonly permission: Permission
}

/**
 * Returns the host that a procedure is about: the one that is named, else the only one, else the local one.
 * @throws AppError host_not_found for an unknown host and for one that the asker has no permission on; host_required
 */
export function resolveHost(hosts: Hosts, asker: Asker, key: string | undefined): HostContext {
  const allowed = listAllowed(hosts, asker)
  if (key !== undefined) {
    const named = allowed.find((host) => host.key === key)
    if (!named) throw new AppError('host_not_found', { host: key })
    return named
  }
  const meant = allowed.length === 1 ? allowed[0] : allowed.find((host) => host.key === LOCAL_HOST_KEY)
  if (!meant) throw new AppError('host_required')
  return meant
}

/** Returns the hosts that a list or number is about: `all` that the asker may see, or one, as {@link resolveHost} finds it. */
export function resolveScope(
  hosts: Hosts,
  asker: Asker,
  key: string | undefined,
): { readonly scope: readonly HostContext[]; readonly isAll: boolean } {
  const isAll = key === ALL_HOSTS
  return { isAll, scope: isAll ? listAllowed(hosts, asker) : [resolveHost(hosts, asker, key)] }
}

const listAllowed = (hosts: Hosts, { holder, permission }: Asker): readonly HostContext[] =>
  hosts.list().filter(({ key }) => can(holder, permission, key))
