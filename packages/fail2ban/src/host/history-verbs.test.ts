import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ban, createTestHost } from '../../test/with-host.ts'

const page = { cursor: null, limit: 100 }

test('what fail2ban itself remembers is read: who, when, how often, and the log lines', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  for (let n = 0; n < 3; n++) await at.daemon.logFailure('app', '192.0.2.7', `user${n}`)
  await ban(at, 'web', '2001:db8::1')
  const found = await vi.waitFor(async () => {
    const history = await at.host.history.readBans(page)
    if (history.rows.length < 2) throw new Error('fail2ban has not written it yet')
    return history
  })
  const byFailures = found.rows.find(({ jail }) => jail === 'app')
  expect(byFailures).toMatchObject({ address: '192.0.2.7', duration: 600, times: 1, attempts: 3 })
  expect(byFailures?.lines).toHaveLength(3)
  expect(byFailures?.lines[0]).toContain('Failed login for user0')
  expect(Math.abs((byFailures?.bannedAt ?? 0) - Date.now())).toBeLessThan(60_000)
  // the same moment as the daemon itself tells it
  const own = await at.host.bans.list('app')
  expect(own[0]?.bannedAt).toBe(byFailures?.bannedAt)
  expect(found).toMatchObject({ done: true, total: 2 })
  expect((await at.host.history.readActiveBans(page)).rows).toHaveLength(2)
  const { cursor, limit } = page
  const live = await at.host.history.list({ from: null, to: null, jail: 'web', address: null, cursor, limit })
  expect(live.rows).toMatchObject([{ address: '2001:db8::1' }])
  const counts = await at.host.history.count({ from: 0, to: Date.now() + 60_000, bucketSeconds: 3600 })
  expect(counts.addresses).toBe(2)
  expect(await at.host.history.databaseStatus()).toEqual({
    state: 'ok',
    path: at.daemon.dbfile,
    message: null,
  })
})

test('with the daemon down its database is still read', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  await at.host.daemon.stop()
  expect(await at.host.history.databaseStatus()).toMatchObject({ state: 'ok' })
  expect((await at.host.history.readActiveBans(page)).rows).toMatchObject([{ address: '192.0.2.7' }])
})

test.each([
  ['None', 'keeps no database (dbfile = None)'],
  [':memory:', 'keeps its database in memory (dbfile = :memory:)'],
  ['', 'in a file without a name (dbfile is empty)'],
])(
  'a database that is %j is said to be none that can be read, and why, also while the daemon is down',
  async (dbfile, why) => {
    await using at = await createTestHost()
    await writeFile(join(at.daemon.configDir, 'fail2ban.local'), `[Definition]\ndbfile = ${dbfile}\n`)
    const status = { state: 'off', path: null, message: expect.stringContaining(why) }
    expect(await at.host.history.databaseStatus()).toEqual(status)
    await at.daemon.start()
    expect(await at.host.history.databaseStatus()).toEqual(status)
    await expect(at.host.history.readBans(page)).rejects.toMatchObject({ params: { status } })
  },
)

test('a missing database is reported, and nothing else fails', async () => {
  await using at = await createTestHost()
  await rm(at.daemon.dbfile, { force: true })
  expect(await at.host.history.databaseStatus()).toMatchObject({ state: 'missing', path: at.daemon.dbfile })
  await expect(at.host.history.readActiveBans(page)).rejects.toMatchObject({ name: 'DaemonDatabaseError' })
})
