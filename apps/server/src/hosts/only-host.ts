import { AppError } from '../lib/errors.ts'
import type { HostContext } from './host-context.ts'

/**
 * Returns the only host of a scope, for fail2ban's own database: those of several hosts are not merged.
 * @throws AppError invalid_input, host_required
 */
export function onlyHost(scope: readonly HostContext[]): HostContext {
  const [host, ...others] = scope
  if (!host) throw new AppError('host_required')
  if (others.length === 0) return host
  const message =
    "fail2ban's own database can be read for only one host at a time. Specify the host, or use BanGUI's archive instead."
  throw new AppError('invalid_input', {}, { message })
}
