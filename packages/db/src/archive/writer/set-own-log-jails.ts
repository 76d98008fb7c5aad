import type { ArchiveWriter } from '../writer-port.ts'
import type { Store } from './store.ts'

/** Notes of jails whether they read fail2ban's own log. */
export const setOwnLogJails = (
  { transaction, jailIdOf, statements }: Store,
  jails: Parameters<ArchiveWriter['setOwnLogJails']>[0],
): void =>
  transaction(() => {
    for (const { name, readsOwnLog } of jails) statements.setOwnLog.run(readsOwnLog ? 1 : 0, jailIdOf(name))
  })
