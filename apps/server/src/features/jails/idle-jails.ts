import type { StoredEvent } from '@bangui/shared'
import { createRememberedJails, type RememberedJails, type RememberedOptions } from './remembered-jails.ts'

/**
 * The jails that somebody set idle through BanGUI. fail2ban does not report which jails are idle, so BanGUI remembers
 * it until the jail works, starts or is loaded again, or another daemon instance has taken over.
 */
export const createIdleJails = (options?: RememberedOptions): RememberedJails =>
  createRememberedJails('idle_jails', options)

/** Removes jails that were started, stopped or loaded: they are not idle. */
export function noteLoads(idle: RememberedJails, stored: readonly StoredEvent[]): void {
  for (const { event } of stored)
    if (event.type === 'jail.changed' && event.change) void idle.remove(event.jail, event.at)
}
