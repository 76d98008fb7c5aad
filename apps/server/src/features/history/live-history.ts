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
import type { Deps } from '../../deps.ts'

type LiveDeps = Pick<Deps, 'host' | 'geo' | 'clock'>

/** The most pages of fail2ban's database that are read for one page of rows. */
const MOST_PAGES = 20

export interface LiveHistoryQuery {
  readonly filter: BanFilter
  /** what `filter` was read from */
  readonly search: string
  readonly cursor: string | null
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/**
 * One page of what fail2ban's own database holds, newest first. It knows no countries and no parts of names: these are
 * picked here, so a page may have fewer rows than asked for, or none, while more follow.
 */
export async function listLiveHistory(deps: LiveDeps, query: LiveHistoryQuery): Promise<HistoryPage> {
  const { filter, signal } = query
  const asked = askedOf(query)
  const rows: HistoryRow[] = []
  let { cursor } = query
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const wanted = { ...asked, cursor, limit: query.limit - rows.length }
    const found = await deps.host.listLiveBans(wanted, { signal })
    const places = await deps.geo.lookup([...new Set(found.rows.map(({ address }) => address))], signal)
    const now = deps.clock()
    rows.push(...found.rows.map((ban) => toRow(ban, places.get(ban.address), now)).filter(isWanted(filter)))
    cursor = found.nextCursor
    if (cursor === null || rows.length >= query.limit || signal?.aborted) break
  }
  return { rows, nextCursor: cursor }
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

/** fail2ban bans what is no address, too: it is found by the beginning of its name. */
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
