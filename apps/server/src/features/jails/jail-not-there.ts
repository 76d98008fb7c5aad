import type { HostError } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

/** Returns the error for a jail that the daemon does not have: it does not run, or no jail has that name. */
export async function jailNotThere(
  { jails }: Pick<HostDeps, 'jails'>,
  name: string,
  cause: HostError,
): Promise<AppError> {
  const known = await jails.refresh().catch(() => jails.store.get() ?? [])
  const code = known.some((jail) => jail.name === name) ? 'jail_not_running' : 'jail_unknown'
  return new AppError(code, { name }, { cause })
}
