import { can, LOCAL_HOST_KEY, type Permission, type PermissionHolder } from '@bangui/shared'
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
  if (key !== undefined) {
    const named = hosts.find(key)
    if (!named || !isAllowed(asker, named)) throw new AppError('host_not_found', { host: key })
    return named
  }
  const allowed = hosts.list().filter((host) => isAllowed(asker, host))
  const meant = allowed.length === 1 ? allowed[0] : allowed.find((host) => host.key === LOCAL_HOST_KEY)
  if (!meant) throw new AppError('host_required')
  return meant
}

const isAllowed = ({ holder, permission }: Asker, { key }: HostContext) => can(holder, permission, key)
