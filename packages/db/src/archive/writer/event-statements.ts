import type BetterSqlite3 from 'better-sqlite3'

/** Prepares the statements of events and cursors. */
export const eventStatements = (sqlite: BetterSqlite3.Database) => ({
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
