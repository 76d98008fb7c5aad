import BetterSqlite3 from 'better-sqlite3'
import { addressKey } from '@bangui/shared'

/** A ban of a batch that is imported. */
export interface ImportedBan {
  readonly address: string
  readonly bannedAt: number
  readonly duration: number
  readonly country: string
}

/**
 * Inserts bans and their addresses into the tables of an archive, one transaction a batch: the least that any import
 * has to write. It looks nothing up, and keeps no roll-ups.
 */
export function importBarely(path: string, batches: Iterable<readonly ImportedBan[]>): void {
  const sqlite = new BetterSqlite3(path, { fileMustExist: true })
  try {
    sqlite.pragma('journal_mode = wal')
    sqlite.pragma('synchronous = normal')
    sqlite.pragma('foreign_keys = on')
    sqlite.pragma('cache_size = -65536')
    sqlite.pragma('wal_autocheckpoint = 4000')
    const jail = sqlite
      .prepare("insert into archive_jails (host_id, name) values (1, 'bare')")
      .run().lastInsertRowid
    const ban = sqlite.prepare(
      `insert into bans (address, jail_id, at, confirmed, duration, until, active, country, times, attempts, by_kind)
        values (?, ?, ?, 1, ?, ?, 0, ?, 1, 5, 'fail2ban')`,
    )
    const address = sqlite.prepare(
      `insert into addresses (address, host_id, bans, first_at, last_at, country, first_jail_id) values (?, 1, 1, ?, ?, ?, ?)
        on conflict (address, host_id) do update set bans = bans + 1, last_at = max(last_at, excluded.last_at)`,
    )
    const insert = sqlite.transaction((bans: readonly ImportedBan[]) => {
      for (const { address: text, bannedAt, duration, country } of bans) {
        const key = addressKey(text)
        ban.run(key, jail, bannedAt, duration, bannedAt + duration * 1_000, country)
        address.run(key, bannedAt, bannedAt, country, jail)
      }
    })
    for (const batch of batches) insert.immediate(batch)
  } finally {
    sqlite.close()
  }
}
