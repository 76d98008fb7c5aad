import type BetterSqlite3 from 'better-sqlite3'

/** Prepares the statements of events and cursors. */
export const eventStatements = (sqlite: BetterSqlite3.Database) => ({
  insertEvent: sqlite.prepare<
    [hostId: number, at: number, type: string, jail: string | null, address: Uint8Array | null, data: string]
  >('insert into events (host_id, at, type, jail, address, data) values (?, ?, ?, ?, ?, ?)'),
  // the newest of each type by the index, as there is none without the type
  newestEvent: sqlite
    .prepare<[{ host: number }], number>(
      `with recursive types (type) as (
          select min(type) from events where host_id = :host
          union all
          select (select min(type) from events where host_id = :host and type > types.type) from types
            where types.type is not null
        )
        select at from events where seq = (
          select max((select max(seq) from events where host_id = :host and type = types.type)) from types)`,
    )
    .pluck(),
  lastDaemonEvent: sqlite
    .prepare<[hostId: number], string>(
      `select data from events where type = 'daemon.changed' and host_id = ? order by seq desc limit 1`,
    )
    .pluck(),
  daemonWentAt: sqlite
    .prepare<[hostId: number], number>(
      `select at from events where type = 'daemon.changed' and host_id = ? and json_extract(data, '$.online') = 0
        order by seq desc limit 1`,
    )
    .pluck(),
  // of an address that fails on and on the newest events are enough
  lastBanEvent: sqlite
    .prepare<[address: Uint8Array, hostId: number, jail: string], string>(
      `select type from (select seq, type, jail from events indexed by events_address
          where address = ? and host_id = ? order by seq desc limit 1000)
        where jail = ? and type in ('ban.added', 'ban.removed') order by seq desc limit 1`,
    )
    .pluck(),
  lastFailureOfPair: sqlite
    .prepare<[address: Uint8Array, hostId: number, jail: string], number>(
      `select at from events indexed by events_address
        where address = ? and host_id = ? and type = 'failure.found' and jail = ? order by seq desc limit 1`,
    )
    .pluck(),
  lastFailure: sqlite
    .prepare<[hostId: number], number>(
      `select at from events indexed by events_host
        where host_id = ? and type = 'failure.found' order by seq desc limit 1`,
    )
    .pluck(),
  getCursor: sqlite
    .prepare<[hostId: number, name: string], string>(
      'select value from cursors where host_id = ? and name = ?',
    )
    .pluck(),
  setCursor: sqlite.prepare<[hostId: number, name: string, value: string, now: number]>(
    `insert into cursors (host_id, name, value, updated_at) values (?, ?, ?, ?)
      on conflict (host_id, name) do update set value = excluded.value, updated_at = excluded.updated_at`,
  ),
})
