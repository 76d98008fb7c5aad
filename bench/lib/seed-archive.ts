import { openDatabase } from '@bangui/db'
import { LOCAL_HOST_ID } from '@bangui/shared'
import BetterSqlite3 from 'better-sqlite3'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Over how long the bans are spread. */
const SPAN = 730 * DAY

const jails = [
  'sshd',
  'nginx-login',
  'postfix',
  'dovecot',
  'recidive',
  'web',
  'ftp',
  'imap',
  'xmpp',
  'git',
  'vpn',
  'db',
]
const countries = [
  'CN',
  'US',
  'RU',
  'DE',
  'FR',
  'BR',
  'IN',
  'NL',
  'VN',
  'KR',
  '??',
  'GB',
  'ID',
  'SG',
  'TW',
  'UA',
]

export interface SeedArchiveOptions {
  readonly bans: number
  readonly addresses: number
  /** of the newest, so many are in force */
  readonly active?: number
}

/**
 * Fills an empty database with bans of the last two years as attackers spread them (few addresses come often, most
 * once), with what the archive derives from them. Straight into the tables: the archive itself would take minutes.
 */
export async function seedArchive(path: string, options: SeedArchiveOptions): Promise<void> {
  const database = await openDatabase({ path })
  await database.migrate()
  await database.close()
  const sqlite = new BetterSqlite3(path)
  try {
    sqlite.pragma('synchronous = off')
    sqlite.pragma('cache_size = -1000000')
    sqlite.pragma('temp_store = memory')
    const indexes = sqlite
      .prepare(
        "select name, sql from sqlite_schema where type = 'index' and tbl_name = 'bans' and sql is not null",
      )
      .all() as { name: string; sql: string }[]
    for (const { name } of indexes) sqlite.exec(`drop index ${name}`)
    sqlite.transaction(() => insertBans(sqlite, options))()
    for (const { sql } of indexes) sqlite.exec(sql)
    sqlite.transaction(() => derive(sqlite))()
    sqlite.exec('analyze')
  } finally {
    sqlite.close()
  }
}

function insertBans(
  sqlite: BetterSqlite3.Database,
  { bans, addresses, active = 0 }: SeedArchiveOptions,
): void {
  const jail = sqlite.prepare(`insert into archive_jails (id, host_id, name) values (?, ${LOCAL_HOST_ID}, ?)`)
  for (const [index, name] of jails.entries()) jail.run(index + 1, name)
  const insert = sqlite.prepare(
    `insert into bans (address, jail_id, at, confirmed, duration, until, active, country, times, by_kind)
     values (?, ?, ?, 1, ?, ?, ?, ?, 1, 'fail2ban')`,
  )
  const random = createRandom()
  const begin = Date.now() - SPAN
  const step = SPAN / bans
  for (let index = 0; index < bans; index++) {
    const isActive = index >= bans - active
    // one in force is another than every other: of a pair there is only one
    const n = isActive ? addresses + index : Math.floor(addresses * random() ** 3)
    const at = Math.floor(begin + index * step)
    const duration = isActive ? 7 * 86_400 : 600
    const country = countries[n % countries.length]
    const jailId = 1 + Math.floor(jails.length * random() ** 2)
    insert.run(
      keyOf(n),
      jailId,
      at,
      duration,
      isActive ? Date.now() + 7 * DAY : at + 600_000,
      isActive ? 1 : 0,
      country,
    )
  }
}

/** The key of the n-th address, scattered over IPv4. */
function keyOf(n: number): Buffer {
  const key = Buffer.alloc(6)
  key[0] = 4
  key.writeUInt32BE(Math.imul(n, 2_654_435_761) >>> 0, 1)
  key[5] = 32
  return key
}

function derive(sqlite: BetterSqlite3.Database): void {
  sqlite.exec(`insert into addresses (address, host_id, bans, first_at, last_at, country, first_jail_id)
    select address, ${LOCAL_HOST_ID}, count(*), min(at), max(at), max(country), jail_id from bans group by address`)
  for (const [name, unit] of [
    ['hours', HOUR],
    ['days', DAY],
  ] as const) {
    sqlite.exec(`insert into jail_${name} (start, jail_id, bans, failures)
      select at / ${unit} * ${unit}, jail_id, count(*), count(*) * 5 from bans group by 1, 2`)
    sqlite.exec(`insert into country_${name} (host_id, start, country, bans)
      select ${LOCAL_HOST_ID}, at / ${unit} * ${unit}, country, count(*) from bans group by 1, 2, 3`)
    sqlite.exec(`insert into jail_${name} (start, jail_id, bans, failures, new_addresses)
      select first_at / ${unit} * ${unit}, first_jail_id, 0, 0, count(*) from addresses where true group by 1, 2
      on conflict (start, jail_id, origin) do update set new_addresses = excluded.new_addresses`)
  }
}

/** The same numbers in every run (xorshift). */
function createRandom(): () => number {
  let state = 12_345
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}
