import { isHostError } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'

/** Returns the ignore lists of the configuration; null: it cannot be read. */
export const readConfigured = ({ host }: Pick<HostDeps, 'host'>) =>
  host.ignores.listConfigured().catch((error: unknown) => {
    if (isHostError(error, 'config_unreadable')) return null
    throw error
  })
