import type { HostArchive } from '@bangui/db'
import type { Jail } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'

/**
 * Creates the function that stores in the archive which running jails read fail2ban's own log. A jail that does not run keeps
 * its record: only the daemon knows what a jail reads.
 */
export function createOwnLogNotes({
  archive,
  log,
}: {
  readonly archive: Pick<HostArchive, 'setOwnLogJails'>
  readonly log: Logger
}): (jails: readonly Jail[]) => Promise<void> {
  const noted = new Map<string, boolean>()
  return async (jails) => {
    const news = jails
      .filter(({ running }) => running)
      .map(({ name, readsOwnLog = false }) => ({ name, readsOwnLog }))
      // the archive takes a jail for one that does not until it hears otherwise, but may remember more than this process
      .filter(({ name, readsOwnLog }) => noted.get(name) !== readsOwnLog)
    if (news.length === 0) return
    try {
      await archive.setOwnLogJails(news)
      for (const { name, readsOwnLog } of news) noted.set(name, readsOwnLog)
    } catch (error) {
      // the next list brings it again
      log.warn(
        { event: 'own_log_jails_not_saved', err: error },
        'the jails that read fail2ban’s own log could not be saved',
      )
    }
  }
}
