import { withTimeout } from '@bangui/async'
import type { BanFilter } from '@bangui/db'
import type { LiveBansQuery } from '@bangui/fail2ban'
import {
  addressOfKey,
  parseAddress,
  parseSearch,
  type DaemonBan,
  type GeoInfo,
  type HistoryPage,
  type HistoryRow,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

type LiveDeps = Pick<HostDeps, 'host' | 'geo' | 'clock'>

/** The most pages of fail2ban's database that are read for one page of rows. */
const MAX_PAGES = 20

/** How long that may take, in milliseconds: a disk can hang, and others ask, too. */
export const LIVE_PAGE_TIMEOUT_MS = 20_000

/** How long the countries of a page's addresses are waited for, in milliseconds; then they count as not known. */
const PLACES_TIMEOUT_MS = 5_000

export interface LiveHistoryQuery {
  readonly filter: BanFilter
  /** what `filter` was read from */
  readonly search: string
  readonly cursor: string | null
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Returns one page of fail2ban's own database, newest first. That database has no countries and cannot search parts of
 * names: these filters apply here, so a page may have fewer rows than asked for, or none, while more follow, also when
 * the time is over.
 * @throws AppError database_of_daemon_unavailable if nothing was read in time
 */
export async function listLiveHistory(deps: LiveDeps, query: LiveHistoryQuery): Promise<HistoryPage> {
  const found: FoundRows = { rows: [], cursor: query.cursor }
  const late = liveReadingLate(LIVE_PAGE_TIMEOUT_MS)
  const onTimeout = () => {
    throw late
  }
  const options = { milliseconds: LIVE_PAGE_TIMEOUT_MS, signal: query.signal, onTimeout }
  try {
    await withTimeout((signal) => collectRows(deps, { ...query, signal }, found), options)
  } catch (error) {
    if (error !== late || found.cursor === query.cursor) throw error
  }
  return { rows: found.rows, nextCursor: found.cursor }
}

/** The error of a reading of fail2ban's own database that took too long. */
export const liveReadingLate = (milliseconds: number): AppError =>
  new AppError('database_of_daemon_unavailable', {
    message: `The query did not finish within ${milliseconds / 1000} seconds. Try again later, or use BanGUI's archive.`,
  })

/** The rows found so far; `cursor` is where the rest begins. */
interface FoundRows {
  readonly rows: HistoryRow[]
  cursor: string | null
}

async function collectRows(deps: LiveDeps, query: LiveHistoryQuery, found: FoundRows): Promise<void> {
  const { filter, limit, signal } = query
  const asked = askedOf(query)
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const wanted = { ...asked, cursor: found.cursor, limit: limit - found.rows.length }
    const page = await deps.host.history.list(wanted, { signal })
    const places = await findPlaces(deps, page.rows, signal)
    if (signal?.aborted) return
    const now = deps.clock()
    found.rows.push(
      ...page.rows.map((ban) => toRow(ban, places.get(ban.address), now)).filter(isWanted(filter)),
    )
    found.cursor = page.nextCursor
    if (found.cursor === null || found.rows.length >= limit) return
  }
}

function findPlaces({ geo }: LiveDeps, rows: readonly DaemonBan[], signal: AbortSignal | undefined) {
  const timeout = AbortSignal.timeout(PLACES_TIMEOUT_MS)
  const addresses = [...new Set(rows.map(({ address }) => address))]
  return geo.lookup(addresses, signal ? AbortSignal.any([signal, timeout]) : timeout)
}

function askedOf({ filter, search }: LiveHistoryQuery): Omit<LiveBansQuery, 'cursor' | 'limit'> {
  const { address, addresses } = parseSearch(search)
  return {
    from: filter.from ?? null,
    to: filter.to ?? null,
    jail: filter.jail ?? null,
    // the keys of a beginning such as `203.0.` start with its network
    address: address?.text ?? (addresses ? addressOfKey(addresses.from) : null),
    ...(address && { withHolders: true }),
  }
}

const isWanted =
  ({ country, text }: BanFilter) =>
  (row: HistoryRow): boolean =>
    (country === undefined || (row.country ?? '??') === country) &&
    (text === undefined || row.jail.toLowerCase().includes(text.toLowerCase()) || isNamed(row.address, text))

/** fail2ban bans texts that are no addresses, too: they are found by the beginning of their name. */
const isNamed = (name: string, text: string) => name.startsWith(text) && parseAddress(name) === undefined

function toRow(ban: DaemonBan, place: GeoInfo | undefined, now: number): HistoryRow {
  const until = ban.duration < 0 ? null : ban.bannedAt + ban.duration * 1_000
  const active = until === null || until > now
  return {
    id: null,
    address: ban.address,
    jail: ban.jail,
    at: ban.bannedAt,
    duration: ban.duration,
    country: place?.country ?? null,
    until,
    active,
    endReason: active ? null : 'expired',
    endedBy: null,
    times: ban.times ?? 1,
    attempts: ban.attempts,
    by: { kind: 'fail2ban', name: null },
    reason: null,
  }
}
