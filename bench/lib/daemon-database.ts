import BetterSqlite3 from 'better-sqlite3'
import { inventedAddress } from './daemons.ts'

const DAY = 86_400

/** Adds bans of the last year to a database of fail2ban, oldest first, as it keeps them itself. */
export function fillDaemonDatabase(path: string, count: number): void {
  const sqlite = new BetterSqlite3(path)
  try {
    const insert = sqlite.prepare(
      'insert into bans (jail, ip, timeofban, bantime, bancount, data) values (?, ?, ?, 600, 1, ?)',
    )
    const data = Buffer.from('{"matches": ["a line of a log"], "failures": 5}')
    const now = Math.floor(Date.now() / 1_000)
    const spacing = (365 * DAY) / count
    sqlite.pragma('foreign_keys = off')
    sqlite.transaction(() => {
      for (let n = 0; n < count; n++) {
        const at = Math.floor(now - 2 * DAY - (count - n) * spacing)
        insert.run('sshd', inventedAddress(n % 700_000), at, data)
      }
    })()
  } finally {
    sqlite.close()
  }
}
