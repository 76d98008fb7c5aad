import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'

test("fail2ban's database is the one that the daemon says it has, whatever the configuration says by now", async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const local = join(at.daemon.configDir, 'fail2ban.local')
  await writeFile(local, '[Definition]\ndbfile = /nowhere/other.sqlite3\n')
  const own = { state: 'ok', path: at.daemon.dbfile, message: null }
  expect(await at.host.history.databaseStatus()).toEqual(own)
  // the one that it had before it went
  await at.daemon.stop()
  expect(await at.host.history.databaseStatus()).toEqual(own)
})

test('the database of a daemon that was never asked is the one of the configuration', async () => {
  await using at = await createTestHost()
  const local = join(at.daemon.configDir, 'fail2ban.local')
  await writeFile(local, '[Definition]\ndbfile = /nowhere/other.sqlite3\n')
  expect(await at.host.history.databaseStatus()).toMatchObject({
    state: 'missing',
    path: '/nowhere/other.sqlite3',
    message: expect.stringContaining('is not there'),
  })
})
