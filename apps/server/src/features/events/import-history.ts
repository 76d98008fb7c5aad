import { type DaemonBanPage, isHostError } from '@bangui/fail2ban'
import type { DaemonBan } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { setWatching } from './watching.ts'

export type ImportDeps = Pick<HostDeps, 'host' | 'archive' | 'events' | 'geo' | 'state' | 'clock' | 'log'>

/** Where the place in fail2ban's own database is kept. */
export const DATABASE_CURSOR = 'daemon_database'

const PAGE_SIZE = 2_000

/** How often a page is asked for while fail2ban writes; each time waits a moment by itself. */
const MAX_TRIES = 5

/**
 * Imports the new records of fail2ban's own database, each ban once, page by page with a cursor: after an interruption, the
 * next run continues. Returns how many bans were new. A database that cannot be read is reported in the state.
 */
export async function importHistory(deps: ImportDeps, signal?: AbortSignal): Promise<number> {
  try {
    const added = await importPages(deps, signal)
    const healed = await deps.archive.healDoubles()
    if (healed > 0) deps.log.info({ event: 'bans_healed', healed }, 'bans that were stored twice were merged')
    await setWatching(deps, { database: await deps.host.history.databaseStatus() })
    return added
  } catch (error) {
    if (!isHostError(error, 'database_unreadable')) throw error
    await setWatching(deps, { database: error.params.status })
    return 0
  } finally {
    await setWatching(deps, { importing: null })
  }
}

async function importPages(deps: ImportDeps, signal: AbortSignal | undefined): Promise<number> {
  let cursor = await deps.archive.getCursor(DATABASE_CURSOR)
  // the history that was there before BanGUI is no news
  const emit = cursor !== null
  let done = 0
  let added = 0
  // only the first page of all has it
  let total: number | null = null
  for (;;) {
    if (signal?.aborted) break
    const page = await readPage(deps, cursor)
    if (page.rows.length > 0 || page.cursor !== cursor) {
      const bans = page.rows.map((ban) => withCountry(deps, ban))
      const result = await deps.archive.importBans({
        bans,
        cursor: { name: DATABASE_CURSOR, value: page.cursor },
        now: deps.clock(),
        emit,
      })
      if (result.events) deps.events.emit(result.events)
      if (result.cutOff !== undefined) throw new Error(result.cutOff)
      added += result.added
      deps.geo.learn(bans.filter(({ country }) => country === null).map(({ address }) => address))
    }
    done += page.rows.length
    total ??= page.total
    cursor = page.cursor
    if (page.done) break
    await setWatching(deps, { importing: { done, total } })
  }
  if (added > 0) deps.log.info({ event: 'history_imported', added, read: done }, 'history was imported')
  return added
}

/** A page; while the database is locked, which passes, it is asked for again. */
async function readPage({ host }: Pick<HostDeps, 'host'>, cursor: string | null): Promise<DaemonBanPage> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await host.history.readBans({ cursor, limit: PAGE_SIZE })
    } catch (error) {
      const isLocked = isHostError(error, 'database_unreadable') && error.params.status.state === 'locked'
      if (!isLocked || tries >= MAX_TRIES) throw error
    }
  }
}

const withCountry = ({ geo }: Pick<HostDeps, 'geo'>, ban: DaemonBan) => ({
  ...ban,
  country: geo.countryOf(ban.address),
})
