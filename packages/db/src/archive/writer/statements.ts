import type BetterSqlite3 from 'better-sqlite3'

/** A ban as the writer reads it back. */
export interface BanRow {
  readonly id: number
  readonly address: Uint8Array
  readonly jail_id: number
  readonly at: number
  readonly logged_at: number | null
  readonly confirmed: 0 | 1
  readonly duration: number
  readonly until: number | null
  readonly own_until: number | null
  readonly active: 0 | 1
  readonly suspended: 'jail' | 'daemon' | null
  readonly end_reason: string | null
  readonly ended_by: string | null
  readonly country: string
  readonly times: number
  readonly attempts: number | null
  readonly by_kind: 'fail2ban' | 'user' | 'blocklist'
  readonly by_name: string | null
  readonly reason: string | null
  /** of one that was put back after an unban, whose end is BanGUI's: when it began first */
  readonly began_at: number | null
}

/** As little of a ban as most rows of an import need. */
export type BanGlance = Pick<
  BanRow,
  'id' | 'at' | 'logged_at' | 'confirmed' | 'duration' | 'until' | 'active' | 'times' | 'attempts'
>

/** A ban as it is added. */
export type NewBan = Omit<BanRow, 'id' | 'suspended' | 'ended_by' | 'began_at'>

/** Two bans that may be one, and how far they lie apart (milliseconds). */
export interface DoubleRow {
  readonly told: number
  readonly recorded: number
  readonly apart: number
}

export interface AddressRow {
  readonly bans: number
  readonly first_at: number
  readonly last_at: number
  readonly first_jail_id: number
}

export interface PendingActionRow {
  readonly by_kind: BanRow['by_kind']
  readonly by_name: string | null
  readonly reason: string | null
  readonly until: number | null
  readonly at: number
  /** the id of the ban that this one puts back after an unban */
  readonly restores: number | null
}

type Pair = [address: Uint8Array, jailId: number, at: number]
type Sqlite = BetterSqlite3.Database

export type Statements = ReturnType<typeof prepareStatements>

/** Every statement that runs once per ban or event, prepared once. */
export const prepareStatements = (sqlite: Sqlite) => ({
  ...banStatements(sqlite),
  ...addressStatements(sqlite),
  ...eventStatements(sqlite),
  ...pendingStatements(sqlite),
})

const columns = `id, address, jail_id, at, logged_at, confirmed, duration, until, own_until, active, suspended, end_reason,
  ended_by, country, times, attempts, by_kind, by_name, reason, began_at`

/** No two zones lie further apart, in milliseconds. */
const MAX_APART_MS = 27 * 3_600_000

/** Bans that only a line told beside bans of the same pair that only fail2ban's database had; one of both in a range. */
const doubles = ['told', 'recorded']
  .map(
    (side) => `select told.id as told, recorded.id as recorded, told.at - recorded.at as apart
      from bans ${side} cross join bans ${side === 'told' ? 'recorded' : 'told'} indexed by bans_identity
      where ${side}.id > :after and ${side}.id <= :upTo
        and told.confirmed = 0 and told.logged_at is not null
        and recorded.confirmed = 1 and recorded.logged_at is null
        and told.address = recorded.address and told.jail_id = recorded.jail_id
        and ${side === 'told' ? 'recorded' : 'told'}.at between ${side}.at - ${MAX_APART_MS} and ${side}.at + ${MAX_APART_MS}`,
  )
  .join(' union ')

const banStatements = (sqlite: Sqlite) => ({
  insertJail: sqlite.prepare<[string]>('insert into archive_jails (name) values (?)'),
  setOwnLog: sqlite.prepare<[readsOwnLog: 0 | 1, id: number]>(
    'update archive_jails set reads_own_log = ? where id = ?',
  ),
  listJails: sqlite.prepare<[], { id: number; name: string }>('select id, name from archive_jails'),
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
    id, at, logged_at, confirmed, duration, until, active, times, attempts from bans indexed by bans_identity
    where address = ? and jail_id = ? limit 1`),
  banById: sqlite.prepare<[id: number], BanRow>(`select ${columns} from bans where id = ?`),
  overdueJails: sqlite
    .prepare<[before: number], number>('select distinct jail_id from bans where active = 1 and until < ?')
    .pluck(),
  suspended: sqlite.prepare<[by: 'jail' | 'daemon', before: number, limit: number], BanRow>(
    `select ${columns} from bans where suspended = ? and until <= ? limit ?`,
  ),
  insertBan: sqlite.prepare<[NewBan]>(`insert into bans
    (address, jail_id, at, logged_at, confirmed, duration, until, own_until, active, end_reason, country, times,
      attempts, by_kind, by_name, reason)
    values (:address, :jail_id, :at, :logged_at, :confirmed, :duration, :until, :own_until, :active, :end_reason,
      :country, :times, :attempts, :by_kind, :by_name, :reason)`),
  newestId: sqlite.prepare<[], number | null>('select max(id) from bans').pluck(),
  doubles: sqlite.prepare<[{ after: number; upTo: number }], DoubleRow>(doubles),
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
  setAuthor: sqlite.prepare<[kind: string, name: string | null, reason: string | null, id: number]>(
    'update bans set by_kind = ?, by_name = ?, reason = ? where id = ?',
  ),
  confirmBan: sqlite.prepare<[times: number, attempts: number | null, id: number]>(
    'update bans set confirmed = 1, times = ?, attempts = coalesce(?, attempts) where id = ?',
  ),
  fillBan: sqlite.prepare<[attempts: number | null, times: number, id: number]>(
    'update bans set attempts = ?, times = max(times, ?) where id = ?',
  ),
  moveBan: sqlite.prepare<[at: number, id: number]>('update bans set at = ? where id = ?'),
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
  insertLine: sqlite.prepare<[banId: number, position: number, at: number, line: string]>(
    'insert or ignore into ban_lines (ban_id, position, at, line) values (?, ?, ?, ?)',
  ),
})

const addressStatements = (sqlite: Sqlite) => ({
  findAddress: sqlite.prepare<[Uint8Array], AddressRow>(
    'select bans, first_at, last_at, first_jail_id from addresses where address = ?',
  ),
  insertAddress: sqlite.prepare<
    [address: Uint8Array, at: number, at: number, country: string, jailId: number]
  >(
    `insert into addresses (address, bans, first_at, last_at, country, first_jail_id) values (?, 1, ?, ?, ?, ?)`,
  ),
  updateAddress: sqlite.prepare<
    [
      more: number,
      firstAt: number,
      lastAt: number,
      firstJailId: number,
      country: string | null,
      address: Uint8Array,
    ]
  >(`update addresses set bans = bans + ?, first_at = ?, last_at = ?, first_jail_id = ?,
    country = coalesce(?, country) where address = ?`),
  setAddressCountry: sqlite.prepare<[country: string, address: Uint8Array]>(
    'update addresses set country = ? where address = ?',
  ),
  firstOfAddress: sqlite.prepare<[Uint8Array], Pick<BanRow, 'at' | 'jail_id'>>(
    'select at, jail_id from bans where address = ? order by at, id limit 1',
  ),
  deleteAddress: sqlite.prepare<[Uint8Array]>('delete from addresses where address = ?'),
  lastOfPair: sqlite
    .prepare<[Uint8Array, number], number | null>(
      'select max(at) from bans indexed by bans_identity where address = ? and jail_id = ?',
    )
    .pluck(),
})

const eventStatements = (sqlite: Sqlite) => ({
  insertEvent: sqlite.prepare<
    [at: number, type: string, jail: string | null, address: Uint8Array | null, data: string]
  >('insert into events (at, type, jail, address, data) values (?, ?, ?, ?, ?)'),
  newestEvent: sqlite.prepare<[], number>('select at from events order by seq desc limit 1').pluck(),
  lastDaemonEvent: sqlite
    .prepare<[], string>(`select data from events where type = 'daemon.changed' order by seq desc limit 1`)
    .pluck(),
  daemonWentAt: sqlite
    .prepare<[], number>(
      `select at from events where type = 'daemon.changed' and json_extract(data, '$.online') = 0
        order by seq desc limit 1`,
    )
    .pluck(),
  // of an address that fails on and on the newest events are enough
  lastBanEvent: sqlite
    .prepare<[address: Uint8Array, jail: string], string>(
      `select type from (select seq, type, jail from events indexed by events_address
          where address = ? order by seq desc limit 1000)
        where jail = ? and type in ('ban.added', 'ban.removed') order by seq desc limit 1`,
    )
    .pluck(),
  getCursor: sqlite.prepare<[string], string>('select value from cursors where name = ?').pluck(),
  setCursor: sqlite.prepare<[name: string, value: string, now: number]>(
    `insert into cursors (name, value, updated_at) values (?, ?, ?)
      on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`,
  ),
})

type PendingActionKey = [jail: string, address: Uint8Array, kind: 'ban' | 'unban']

const pendingStatements = (sqlite: Sqlite) => ({
  findPending: sqlite.prepare<PendingActionKey, PendingActionRow>(
    'select by_kind, by_name, reason, until, at, restores from pending_actions where jail = ? and address = ? and kind = ?',
  ),
  insertPending: sqlite.prepare<
    [
      PendingActionRow & {
        readonly jail: string
        readonly address: Uint8Array
        readonly kind: 'ban' | 'unban'
      },
    ]
  >(
    `insert or replace into pending_actions (jail, address, kind, by_kind, by_name, reason, until, at, restores)
      values (:jail, :address, :kind, :by_kind, :by_name, :reason, :until, :at, :restores)`,
  ),
  deletePending: sqlite.prepare<PendingActionKey>(
    'delete from pending_actions where jail = ? and address = ? and kind = ?',
  ),
  deletePendingOf: sqlite.prepare<[...PendingActionKey, at: number]>(
    'delete from pending_actions where jail = ? and address = ? and kind = ? and at = ?',
  ),
  deletePendingBefore: sqlite.prepare<[at: number]>('delete from pending_actions where at < ?'),
})
