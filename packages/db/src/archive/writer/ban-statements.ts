import type BetterSqlite3 from 'better-sqlite3'
import type { Author, BanGlance, BanRow, DoubleRow, NewBan } from './rows.ts'

type Pair = [address: Uint8Array, jailId: number, at: number]
type Sqlite = BetterSqlite3.Database

const columns = `id, address, jail_id, at, logged_at, confirmed, duration, until, own_until, active, suspended, end_reason,
  ended_by, country, times, attempts, by_kind, by_name, origin, reason, operation_id, end_operation_id,
  began_at`

/** No two zones lie further apart, in milliseconds. */
const MAX_APART_MS = 27 * 3_600_000

/** Bans that only a line reported, beside bans of the same pair that only fail2ban's database had; one of both in a range. */
const doubles = ['logged', 'recorded']
  .map(
    (side) => `select logged.id as logged, recorded.id as recorded, logged.at - recorded.at as apart
      from bans ${side} cross join bans ${side === 'logged' ? 'recorded' : 'logged'} indexed by bans_identity
      where ${side}.id > :after and ${side}.id <= :upTo
        and logged.confirmed = 0 and logged.logged_at is not null
        and recorded.confirmed = 1 and recorded.logged_at is null
        and logged.address = recorded.address and logged.jail_id = recorded.jail_id
        and ${side === 'logged' ? 'recorded' : 'logged'}.at between ${side}.at - ${MAX_APART_MS} and ${side}.at + ${MAX_APART_MS}`,
  )
  .join(' union ')

/** Prepares the queries of bans. */
export const banQueries = (sqlite: Sqlite) => ({
  banAtOrBefore: sqlite.prepare<Pair, BanRow>(`select ${columns} from bans indexed by bans_identity
    where address = ? and jail_id = ? and at <= ? order by at desc limit 1`),
  banAfter: sqlite.prepare<Pair, BanRow>(`select ${columns} from bans indexed by bans_identity
    where address = ? and jail_id = ? and at > ? order by at limit 1`),
  activeOfJail: sqlite.prepare<[jailId: number], BanRow>(
    `select ${columns} from bans where active = 1 and jail_id = ?`,
  ),
  newestBan: sqlite.prepare<[], number | null>('select max(at) from bans').pluck(),
  activeOfPair: sqlite.prepare<[jailId: number, address: Uint8Array], BanRow>(
    `select ${columns} from bans indexed by bans_active where active = 1 and jail_id = ? and address = ? limit 1`,
  ),
  // the index has the newest first; asking for that order would cost six times as much [measured]
  newestOfPair: sqlite.prepare<[address: Uint8Array, jailId: number], BanGlance>(`select
    id, at, logged_at, confirmed, duration, until, active, times, attempts, began_at from bans indexed by bans_identity
    where address = ? and jail_id = ? limit 1`),
  banById: sqlite.prepare<[id: number], BanRow>(`select ${columns} from bans where id = ?`),
  overdueJails: sqlite
    .prepare<[before: number], number>('select distinct jail_id from bans where active = 1 and until < ?')
    .pluck(),
  suspended: sqlite.prepare<[by: 'jail' | 'daemon', before: number, hostId: number, limit: number], BanRow>(
    `select ${columns} from bans where suspended = ? and until <= ?
      and jail_id in (select id from archive_jails where host_id = ?) limit ?`,
  ),
  newestId: sqlite.prepare<[], number | null>('select max(id) from bans').pluck(),
  doubles: sqlite.prepare<[{ after: number; upTo: number }], DoubleRow>(doubles),
})

/** Prepares adding, changing and deleting a ban. */
export const banChanges = (sqlite: Sqlite) => ({
  insertBan: sqlite.prepare<[NewBan]>(`insert into bans
    (address, jail_id, at, logged_at, confirmed, duration, until, own_until, active, end_reason, country, times,
      attempts, by_kind, by_name, origin, reason, operation_id)
    values (:address, :jail_id, :at, :logged_at, :confirmed, :duration, :until, :own_until, :active, :end_reason,
      :country, :times, :attempts, :by_kind, :by_name, :origin, :reason, :operation_id)`),
  deleteBan: sqlite.prepare<[id: number]>('delete from bans where id = ?'),
  lowerTimes: sqlite.prepare<Pair>(
    `update bans indexed by bans_identity set times = max(1, times - 1)
      where address = ? and jail_id = ? and at > ?`,
  ),
  raiseTimes: sqlite.prepare<Pair>(
    'update bans indexed by bans_identity set times = times + 1 where address = ? and jail_id = ? and at > ?',
  ),
  raiseTimesOf: sqlite.prepare<[times: number, id: number]>(
    'update bans set times = max(times, ?) where id = ?',
  ),
  setLogged: sqlite.prepare<[loggedAt: number | null, id: number]>(
    'update bans set logged_at = ? where id = ?',
  ),
  setAuthor: sqlite.prepare<[Author & { readonly id: number }]>(
    `update bans set by_kind = :by_kind, by_name = :by_name, origin = :origin, reason = :reason,
      operation_id = :operation_id where id = :id`,
  ),
  setReason: sqlite.prepare<[reason: string | null, id: number]>('update bans set reason = ? where id = ?'),
  confirmBan: sqlite.prepare<[times: number, attempts: number | null, id: number]>(
    'update bans set confirmed = 1, times = ?, attempts = coalesce(?, attempts) where id = ?',
  ),
  fillBan: sqlite.prepare<[attempts: number | null, times: number, id: number]>(
    'update bans set attempts = ?, times = max(times, ?) where id = ?',
  ),
  moveBan: sqlite.prepare<[at: number, id: number]>('update bans set at = ? where id = ?'),
  setEndOperation: sqlite.prepare<[operation: string | null, id: number]>(
    'update bans set end_operation_id = ? where id = ?',
  ),
  setOwnEnd: sqlite.prepare<[ownUntil: number | null, id: number]>(
    'update bans set own_until = ? where id = ?',
  ),
  extendBan: sqlite.prepare<[duration: number, until: number | null, times: number, id: number]>(
    'update bans set duration = ?, until = ?, times = max(times, ?) where id = ?',
  ),
  endBan: sqlite.prepare<[until: number, reason: string | null, by: string | null, id: number]>(
    'update bans set active = 0, suspended = null, until = ?, end_reason = ?, ended_by = ? where id = ?',
  ),
  suspendBan: sqlite.prepare<[until: number, by: string | null, suspended: 'jail' | 'daemon', id: number]>(
    `update bans set active = 0, until = ?, end_reason = 'jail_stopped', ended_by = ?, suspended = ? where id = ?`,
  ),
  endSuspended: sqlite.prepare<[reason: string, id: number]>(
    'update bans set suspended = null, end_reason = ? where id = ?',
  ),
  reviveBan: sqlite.prepare<[duration: number, until: number | null, id: number]>(
    `update bans set active = 1, duration = ?, until = ?, end_reason = null, ended_by = null, suspended = null
      where id = ?`,
  ),
  moveRestored: sqlite.prepare<
    [
      jailId: number,
      at: number,
      loggedAt: number | null,
      confirmed: 0 | 1,
      beganAt: number,
      ownUntil: number | null,
      id: number,
    ]
  >(`update bans set jail_id = ?, at = ?, logged_at = ?, confirmed = ?, began_at = coalesce(began_at, ?), own_until = ?
    where id = ?`),
  moveBack: sqlite.prepare<[id: number]>(
    'update bans set at = began_at, logged_at = began_at, began_at = null where id = ?',
  ),
  insertLine: sqlite.prepare<[banId: number, position: number, at: number, line: string]>(
    'insert or ignore into ban_lines (ban_id, position, at, line) values (?, ?, ?, ?)',
  ),
})
