import type { Event } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

/** How long after a ban its record is imported: fail2ban writes the record some moments after the log line. */
const DELAY_MS = 2_500

export interface ImportSoonOptions {
  readonly signal: AbortSignal
  readonly importNew: () => Promise<unknown>
}

/**
 * Imports from fail2ban's database soon after a ban, at most once in {@link DELAY_MS} milliseconds: only the database has the
 * cause of the ban (log lines, attempts, its exact time). The same after the start of a jail, which restores bans without
 * logging them.
 */
export function importSoon(
  { events, log }: Pick<HostDeps, 'events' | 'log'>,
  { signal, importNew }: ImportSoonOptions,
): void {
  let timer: NodeJS.Timeout | null = null
  const look = async () => {
    try {
      await importNew()
    } catch (error) {
      if (!signal.aborted)
        log.warn({ event: 'import_failed', err: error }, 'fail2ban’s records of bans could not be imported')
    } finally {
      timer = null
    }
  }
  const stop = events.listen((batch) => {
    if (timer !== null || !batch.some(({ event }) => isFollowed(event))) return
    timer = setTimeout(() => void look(), DELAY_MS)
  })
  const end = () => {
    stop()
    if (timer !== null) clearTimeout(timer)
  }
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
}

/** Returns whether fail2ban may have records that belong to an event. */
const isFollowed = (event: Event): boolean =>
  event.type === 'ban.added' || (event.type === 'jail.changed' && event.change !== 'stopped')
