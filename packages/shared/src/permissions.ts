import type { Role } from './auth.ts'

/** What each permission allows, with the roles that have it. */
const permissions = {
  /** see jails, bans, history, statistics, operations and the daemon's state, and probe the daemon */
  'host.read': ['viewer', 'operator', 'admin'],
  /** see BanGUI's settings */
  'settings.read': ['viewer', 'operator', 'admin'],
  /** change the own password, end own sessions */
  'account.write': ['viewer', 'operator', 'admin'],
  /** ban and unban, undo that, decide about lost bans */
  'bans.write': ['operator', 'admin'],
  /** change what is never banned: addresses and networks */
  'ignores.write': ['operator', 'admin'],
  /** the same for host names, which fail2ban looks up at each failure */
  'ignores.names': ['admin'],
  /** start, stop, reload and idle a jail */
  'jails.control': ['operator', 'admin'],
  /** cancel a running operation */
  'operations.cancel': ['operator', 'admin'],
  /** see the lines of logs that jails read, which may contain secrets, and test regexes on them */
  'logs.read': ['operator', 'admin'],
  /** run the checks of the protection at once, accept findings and take that back */
  'health.write': ['operator', 'admin'],
  /** acknowledge and mute incidents, and see what was sent about them */
  'alerts.handle': ['operator', 'admin'],
  /** run a job of BanGUI at once */
  'jobs.run': ['operator', 'admin'],
  /** import blocklists, confirm a version that is held back, end what lists have banned */
  'blocklists.import': ['operator', 'admin'],
  /** add, change and remove blocklists */
  'blocklists.write': ['admin'],
  /** change fail2ban's configuration: activate, deactivate and tune jails, set up jail `bangui` */
  'config.write': ['admin'],
  /** apply a change that can lock people out without a confirmation, and keep one that nobody has confirmed */
  'config.execute': ['admin'],
  /** start, stop, restart and reload fail2ban */
  'daemon.control': ['admin'],
  /** roll back or dismiss a pending recovery */
  'recovery.write': ['admin'],
  /** change the rules and channels of alerts */
  'alerts.write': ['admin'],
  /** change BanGUI's settings */
  'settings.write': ['admin'],
  /** read fail2ban's own output and every setting: command lines of actions can contain keys of other services */
  'secrets.read': ['admin'],
} satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

export interface PermissionHolder {
  readonly role: Role
  /** keys of the hosts that the permissions are limited to @default every host */
  readonly hosts?: readonly string[]
}

/**
 * Returns whether a user or token has a permission, on one host if `hostKey` is given. This is the only place that
 * decides who may do what. A read-only BanGUI refuses changes to fail2ban in addition, whatever the role.
 */
export function can(holder: PermissionHolder, permission: Permission, hostKey?: string): boolean {
  if (hostKey !== undefined && holder.hosts && !holder.hosts.includes(hostKey)) return false
  return (permissions[permission] as readonly Role[]).includes(holder.role)
}
