import type BetterSqlite3 from 'better-sqlite3'

type PairOfHost = [hostId: number, jail: string, address: Uint8Array]

const ofPair = 'host_id = ? and jail = ? and address = ?'

/** Prepares the statements of timers. */
export const timerStatements = (sqlite: BetterSqlite3.Database) => ({
  setTimer: sqlite.prepare<
    [...PairOfHost, operation: string, setAt: number, endsAt: number, state: 'pending' | 'armed']
  >(
    `insert into timers (host_id, jail, address, operation, set_at, ends_at, state) values (?, ?, ?, ?, ?, ?, ?)
      on conflict (host_id, jail, address, operation) do update set
        set_at = excluded.set_at, ends_at = excluded.ends_at, state = excluded.state
        where excluded.state = 'armed' or timers.state = 'pending'`,
  ),
  deletePendingTimer: sqlite.prepare<[...PairOfHost, operation: string]>(
    `delete from timers where ${ofPair} and operation = ? and state = 'pending'`,
  ),
  deleteTimerOf: sqlite.prepare<[...PairOfHost, operation: string]>(
    `delete from timers where ${ofPair} and operation = ?`,
  ),
  deleteArmedTimers: sqlite.prepare<[...PairOfHost, setBy: number]>(
    `delete from timers where ${ofPair} and state = 'armed' and set_at <= ?`,
  ),
  deleteOlderTimers: sqlite.prepare<[...PairOfHost, operation: string, setBy: number]>(
    `delete from timers where ${ofPair} and operation <> ? and set_at <= ?`,
  ),
  hasTimer: sqlite.prepare<PairOfHost, number>(`select 1 from timers where ${ofPair} limit 1`).pluck(),
})
