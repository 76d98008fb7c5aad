import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

type BadDay = Awaited<ReturnType<typeof createBadDay>>

/** Bans and waits until fail2ban's database has it, which lags behind. */
async function banStored(day: BadDay, jail: string, ...addresses: string[]): Promise<void> {
  await day.ban(jail, ...addresses)
  await eventually(() => {
    using database = new DatabaseSync(day.daemon.dbfile, { readOnly: true })
    const stored = database
      .prepare('SELECT ip FROM bans')
      .all()
      .map(({ ip }) => ip)
    expect(stored).toEqual(expect.arrayContaining(addresses))
  })
}

/** Writes rubbish over all of a database but its first page, in which it counts as a change. */
async function spoil(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  await file.write(Buffer.alloc(size - 4096, '\u00ff\u0000rubbish', 'latin1'), 0, size - 4096, 4096)
  await file.write(Buffer.from([0xff]), 0, 1, 24)
  await file.close()
}

/** Starts BanGUI and gives what is needed to see how it takes a change of the database. */
async function watch(day: BadDay) {
  const bangui = await day.start()
  const becomes = (expected: object) =>
    eventually(async () => {
      await bangui.reconcile()
      expect(bangui.runtime()?.watching.database).toMatchObject(expected)
    })
  const { dbfile } = day.daemon
  await becomes({ state: 'ok', path: dbfile, message: null })
  const hasInForce = (...addresses: string[]) =>
    eventually(async () => expect((await bangui.inForce()).toSorted()).toEqual(addresses))
  return { ...bangui, becomes, hasInForce, dbfile }
}

describe("fail2ban's database", { concurrent: true }, () => {
  it('that somebody keeps locked is reported; bans come from the log, and all is well once it is free', async () => {
    await using day = await createBadDay()
    await banStored(day, 'app', '45.1.1.1')
    const { becomes, hasInForce, history, dbfile } = await watch(day)
    using other = new DatabaseSync(dbfile)
    other.exec('BEGIN EXCLUSIVE')
    await becomes({ state: 'locked', path: dbfile, message: expect.stringMatching(/locked.*tries again/) })
    await day.ban('app', '45.1.1.2')
    await hasInForce('45.1.1.1', '45.1.1.2')
    other.exec('COMMIT')
    await becomes({ state: 'ok', message: null })
    await hasInForce('45.1.1.1', '45.1.1.2')
    expect(await history()).toHaveLength(2)
  })

  it('that is damaged is reported, with its repair; nothing is lost or emitted twice', async () => {
    await using day = await createBadDay()
    await banStored(day, 'app', '45.1.1.1')
    const { becomes, hasInForce, history, dbfile } = await watch(day)
    await spoil(dbfile)
    await becomes({ state: 'malformed', path: dbfile, message: expect.stringMatching(/damaged.*Restarting/) })
    await day.ban('web', '45.1.1.2')
    await hasInForce('45.1.1.1', '45.1.1.2')
    // with such a database fail2ban does not stop when it is asked to
    await day.daemon.kill('SIGKILL')
    await day.startDaemon()
    await becomes({ state: 'ok', message: null })
    expect((await history()).map(({ address }) => address).toSorted()).toEqual(['45.1.1.1', '45.1.1.2'])
  })

  it('that is purged takes nothing from the history, and ends no ban', async () => {
    await using day = await createBadDay()
    await banStored(day, 'app', '45.1.1.1', '45.1.1.2')
    const { becomes, hasInForce, history, reconcile, dbfile } = await watch(day)
    await hasInForce('45.1.1.1', '45.1.1.2')
    using database = new DatabaseSync(dbfile)
    database.exec('DELETE FROM bans; DELETE FROM bips; VACUUM')
    await becomes({ state: 'ok' })
    await reconcile()
    await hasInForce('45.1.1.1', '45.1.1.2')
    await banStored(day, 'app', '45.1.1.3')
    await becomes({ state: 'ok' })
    await hasInForce('45.1.1.1', '45.1.1.2', '45.1.1.3')
    expect(await history()).toHaveLength(3)
  })

  it('that another takes the place of is read from its beginning, each ban once', async () => {
    await using other = await createBadDay()
    await banStored(other, 'app', '45.2.2.1', '45.2.2.2')
    await other.daemon.stop()
    await using day = await createBadDay()
    await banStored(day, 'app', '45.1.1.1')
    const { becomes, hasInForce, history, dbfile } = await watch(day)
    await day.daemon.stop()
    await rename(other.daemon.dbfile, dbfile)
    await day.startDaemon()
    await becomes({ state: 'ok', path: dbfile })
    await hasInForce('45.2.2.1', '45.2.2.2')
    const told = (await history()).map(({ address, active }) => [address, active])
    expect(told).toHaveLength(3)
    expect(told).toContainEqual(['45.1.1.1', false])
  })

  it('that is moved while BanGUI runs is found where it is now', async () => {
    await using day = await createBadDay()
    await banStored(day, 'app', '45.1.1.1')
    const { becomes, hasInForce, history, dbfile } = await watch(day)
    const moved = join(day.daemon.folder, 'moved.sqlite3')
    await day.daemon.stop()
    await rename(dbfile, moved)
    await writeFile(join(day.daemon.configDir, 'fail2ban.local'), `[DEFAULT]\ndbfile = ${moved}\n`)
    await day.startDaemon()
    await becomes({ state: 'ok', path: moved })
    await hasInForce('45.1.1.1')
    expect(await history()).toHaveLength(1)
  })

  it('that is deleted, or no file any more, is reported; bans come from the log', async () => {
    await using day = await createBadDay()
    const { becomes, hasInForce, history, dbfile } = await watch(day)
    await rm(dbfile)
    await becomes({ state: 'missing', path: dbfile, message: expect.stringContaining('is not there') })
    await mkdir(dbfile)
    await becomes({
      state: 'unreadable',
      path: dbfile,
      message: expect.stringContaining('not a regular file'),
    })
    await day.ban('app', '45.1.1.1')
    await hasInForce('45.1.1.1')
    expect(await history()).toHaveLength(1)
  })

  it('that is none of fail2ban’s is reported', async () => {
    await using day = await createBadDay()
    const { becomes, hasInForce, history, dbfile } = await watch(day)
    await rm(dbfile)
    await writeFile(dbfile, 'not a database, and long enough to be looked at as if it were one'.repeat(100))
    await becomes({ state: 'malformed', path: dbfile })
    await day.ban('app', '45.1.1.1')
    await hasInForce('45.1.1.1')
    expect(await history()).toHaveLength(1)
  })
})
