import type { StoredEvent } from '@bangui/shared'
import { createRememberedJails, type RememberedJails, type RememberedOptions } from './remembered-jails.ts'

/**
 * The jails that somebody set idle through BanGUI. fail2ban does not report which jails are idle, so BanGUI remembers
 * it until the jail works, starts or is loaded again, or another daemon instance has taken over.
 */
export const createRestingJails = (options?: RememberedOptions): RememberedJails =>
  createRememberedJails('resting_jails', options)

/** A jail that was started, stopped or loaded does not rest. */
export function noteLoads(resting: RememberedJails, stored: readonly StoredEvent[]): void {
  for (const { event } of stored)
    if (event.type === 'jail.changed' && event.change) void resting.remove(event.jail, event.at)
}
