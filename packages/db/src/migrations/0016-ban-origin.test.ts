import { addressKey } from '@bangui/shared'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openTempDatabase } from '../testing/temp-folder.ts'
import { banOrigin } from './0016-ban-origin.ts'
import { migrations } from './index.ts'

const hour = 3_600_000
const before = migrations.slice(
  0,
  migrations.findIndex(({ up }) => up === banOrigin),
)

it('counts the bans of an older database by origin', async () => {
  const old = await openTempDatabase({ migrations: before })
  await old.migrate()
  const sqlite = new BetterSqlite3(old.path)
  sqlite.exec(`insert into archive_jails (id, host_id, name) values (1, 1, 'sshd');
    insert into jail_hours (start, jail_id, bans, failures, new_addresses) values (0, 1, 7, 9, 3), (${hour}, 1, 1, 0, 0);
    insert into jail_days (start, jail_id, bans, failures, new_addresses) values (0, 1, 8, 9, 3);
    insert into country_hours (host_id, start, country, bans) values (1, 0, 'DE', 7), (1, ${hour}, 'DE', 1);
    insert into country_days (host_id, start, country, bans) values (1, 0, 'DE', 8)`)
  const ban = sqlite.prepare(`insert into bans
    (address, jail_id, at, confirmed, duration, until, active, country, times, by_kind, by_name)
    values (?, 1, ?, 1, 600, null, 0, 'DE', 1, ?, ?)`)
  const address = sqlite.prepare(
    `insert into addresses (address, host_id, bans, first_at, last_at, country, first_jail_id)
      values (?, 1, 1, ?, ?, 'DE', 1)`,
  )
  for (const [text, at, kind, name] of [
    ['192.0.2.1', 5, 'fail2ban', null],
    ['192.0.2.2', 6, 'user', 'ada'],
    ['192.0.2.3', 7, 'unknown', null],
  ] as const) {
    ban.run(addressKey(text), at, kind, name)
    address.run(addressKey(text), at, at)
  }
  ban.run(addressKey('192.0.2.1'), hour + 1, 'user', 'ada')
  sqlite.close()

  const { db, migrate } = await openTempDatabase({ path: old.path })
  await migrate()
  const hours = await db
    .selectFrom('jail_hours')
    .select(['start', 'origin', 'bans', 'failures', 'new_addresses as firsts'])
    .where('bans', '<>', 0)
    .orderBy('start')
    .orderBy('origin', 'desc')
    .execute()
  // bans that are no longer kept stay fail2ban's
  expect(hours).toEqual([
    { start: 0, origin: 0, bans: 5, failures: 9, firsts: 1 },
    { start: 0, origin: -1, bans: 1, failures: 0, firsts: 1 },
    { start: 0, origin: -2, bans: 1, failures: 0, firsts: 1 },
    { start: hour, origin: -2, bans: 1, failures: 0, firsts: 0 },
  ])
  const days = await db.selectFrom('country_days').select(['origin', 'bans']).orderBy('origin').execute()
  expect(days).toEqual([
    { origin: -2, bans: 2 },
    { origin: -1, bans: 1 },
    { origin: 0, bans: 5 },
  ])
  const firsts = await db.selectFrom('addresses').select('first_origin').orderBy('address').execute()
  expect(firsts).toEqual([{ first_origin: 0 }, { first_origin: -2 }, { first_origin: -1 }])
})
