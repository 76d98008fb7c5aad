import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTempFolder, openTempDatabase } from './testing/temp-folder.ts'
import { DatabaseError } from './database-error.ts'
import type { OpenDatabaseOptions } from './open-database.ts'
import { parseDatabaseUrl } from './parse-database-url.ts'
import { countUsers } from './queries/users.ts'
import { listSettings, setSetting } from './queries/settings.ts'
import { tableNames } from './schema-version.ts'
import { openTestDatabase } from './testing.ts'

async function errorOf(work: () => unknown): Promise<DatabaseError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof DatabaseError) return error
    throw error
  }
  throw new Error('no error')
}

const openingError = (options: OpenDatabaseOptions) => errorOf(() => openTempDatabase(options))

/** Runs `work` as a user who owns nothing: root may write whatever the modes say. */
async function asNobody<TResult>(work: () => Promise<TResult>): Promise<TResult> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(65_534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

describe('openDatabase', () => {
  it('creates the file and the folders above it, but no table', async () => {
    const path = join(createTempFolder(), 'a', 'b', 'bangui.db')
    const { db, check } = await openTempDatabase({ path })
    expect(readdirSync(join(path, '..')).filter((name) => name === 'bangui.db')).toEqual(['bangui.db'])
    expect((await sql`select name from sqlite_schema`.execute(db)).rows).toEqual([])
    expect(check).not.toThrow()
  })

  it('gives up at a folder that takes no folders, instead of trying for ever', async () => {
    const { code, message } = await openingError({ path: '/proc/bangui-test/a/bangui.db' })
    expect(code).toBe('missing_folder')
    expect(message).toContain('/proc/bangui-test/a/bangui.db')
  })

  it('creates folders that only their owner may look into', async () => {
    const folder = createTempFolder()
    await openTempDatabase({ path: join(folder, 'a', 'b', 'bangui.db') })
    for (const made of ['a', 'a/b']) expect(statSync(join(folder, made)).mode & 0o777).toBe(0o700)
  })

  it.runIf(process.platform === 'linux')('changes the mode of no file behind a symbolic link', async () => {
    const folder = createTempFolder()
    const target = join(folder, 'other')
    writeFileSync(target, '', { mode: 0o644 })
    symlinkSync(target, join(folder, 'bangui.db'))
    const lines: object[] = []
    const log = { info: () => undefined, warn: (line: object) => void lines.push(line) }
    await openTempDatabase({ path: join(folder, 'bangui.db'), log })
    expect(statSync(target).mode & 0o777).toBe(0o644)
    expect(lines).toMatchObject([{ event: 'database_file_open_to_others' }])
  })

  it.each(['users', 'bans', 'geo_cache', 'migrations'])(
    'names the way out where the table %s was dropped',
    async (table) => {
      const path = join(createTempFolder(), 'bangui.db')
      const { migrate, close } = await openTempDatabase({ path })
      await migrate()
      await close()
      const sqlite = new BetterSqlite3(path)
      sqlite.pragma('foreign_keys = off')
      sqlite.exec(`drop table ${table}`)
      sqlite.close()
      const again = await openTempDatabase({ path })
      const { code, message } = await errorOf(() => again.migrate())
      expect(code).toBe('not_a_database')
      expect(message).toMatch(/move it away, put a copy back, or set another path/)
    },
  )

  it('knows every table that the migrations make', async () => {
    const { db, migrate } = await openTempDatabase()
    await migrate()
    const tables = sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
    const names = (await tables.execute(db)).rows.map(({ name }) => name).toSorted()
    expect(names.filter((name) => !name.startsWith('sqlite_'))).toEqual(Object.keys(tableNames).toSorted())
  })

  it('sets what a server needs', async () => {
    const { db } = await openTempDatabase()
    const pragma = async (name: string) =>
      Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {})[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(1)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('busy_timeout')).toBe(5000)
  })

  it('takes other users access away from a file that is there, and leaves the mode of its folder', async () => {
    const folder = createTempFolder()
    chmodSync(folder, 0o755)
    const path = join(folder, 'bangui.db')
    writeFileSync(path, '', { mode: 0o666 })
    chmodSync(path, 0o666)
    await openTempDatabase({ path })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o755)
  })

  it('keeps what was written, and can be closed twice', async () => {
    const { db, path, migrate, close } = await openTempDatabase()
    await migrate()
    await setSetting(db, 'a', { value: 1, now: 1 })
    await Promise.all([close(), close()])
    await close()
    expect(readdirSync(join(path, '..'))).toEqual(['bangui.db'])
    const again = await openTempDatabase({ url: `sqlite:${path}`, path: undefined })
    expect(await listSettings(again.db)).toEqual(new Map([['a', 1]]))
  })

  it.each([0x6969, 0xff534d42, 0x517b, 0xfe534d42, 0xff534d42 | 0])(
    'refuses the file system %i',
    async (type) => {
      const error = await openingError({ fileSystemType: () => type })
      expect(error.code).toBe('network_folder')
      expect(error.message).toMatch(
        /bangui\.db is on a network file system, where it would not be safe: set a path/,
      )
      expect(readdirSync(join(error.path, '..'))).toEqual([])
    },
  )

  it.each([
    ['text', 'hello'],
    ['long text', 'no database\n'.repeat(1000)],
  ])('refuses a file of %s and leaves it as it is', async (_, content) => {
    const path = join(createTempFolder(), 'bangui.db')
    writeFileSync(path, content)
    expect((await openingError({ path })).code).toBe('not_a_database')
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  it('refuses the database of another program and leaves it as it is', async () => {
    const path = join(createTempFolder(), 'fail2ban.sqlite3')
    const other = new BetterSqlite3(path)
    other.exec('create table bans (ip text)')
    other.close()
    const content = readFileSync(path)
    const error = await openingError({ path })
    expect(error.code).toBe('not_a_database')
    expect(error.message).toContain('it belongs to another program')
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('refuses a database that is damaged', async () => {
    const { path, migrate, close } = await openTempDatabase()
    await migrate()
    await close()
    const content = readFileSync(path)
    writeFileSync(path, content.fill(0xff, 100, 4096))
    expect((await openingError({ path })).code).toBe('not_a_database')
  })

  it('refuses a folder in place of the file', async () => {
    expect((await openingError({ path: createTempFolder() })).message).toContain('it is not a file')
  })

  it('says when the folder cannot be there', async () => {
    const file = join(createTempFolder(), 'file')
    writeFileSync(file, '')
    const error = await openingError({ path: join(file, 'bangui.db') })
    expect(error.code).toBe('missing_folder')
    expect(error.message).toBe(
      `The folder of the database ${file}/bangui.db cannot be created: create it, or set another path.`,
    )
  })

  it('says when it may not create the file', async () => {
    const folder = createTempFolder()
    chmodSync(folder, 0o555)
    const error = await asNobody(() => openingError({ path: join(folder, 'bangui.db') }))
    expect(error.code).toBe('permission_denied')
    expect(error.message).toContain(`BanGUI may not open the database ${folder}/bangui.db: give the user`)
  })

  it('says when it may not write the file', async () => {
    const { path, migrate, close } = await openTempDatabase()
    await migrate()
    await close()
    chmodSync(join(path, '..'), 0o777)
    chmodSync(path, 0o444)
    const error = await asNobody(() => openingError({ path }))
    expect(error.code).toBe('read_only')
    expect(error.message).toContain(
      `The database ${path} cannot be written: make the file and its folder writable`,
    )
  })

  it('says when another program holds the database', async () => {
    const { path, migrate, close } = await openTempDatabase()
    await migrate()
    await close()
    const other = new BetterSqlite3(path)
    onTestFinished(() => void other.close())
    other.exec('begin immediate')
    const error = await openingError({ path, busyTimeout: 50 })
    expect(error.code).toBe('locked')
    expect(error.message).toContain(`Another program holds the database ${path}: end it`)
  })
})

describe('a database that goes bad while it is open', () => {
  it('says that it is full, loses nothing, and goes on when there is room again', async () => {
    const { db, path, check } = await openTempDatabase().then(async (database) => {
      await database.migrate()
      return database
    })
    await setSetting(db, 'kept', { value: 'small', now: 1 })
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
    await sql`pragma max_page_count = ${sql.raw(String(rows[0]?.page_count))}`.execute(db)
    const error = await errorOf(() => setSetting(db, 'big', { value: 'x'.repeat(1_000_000), now: 2 }))
    expect(error.code).toBe('full')
    expect(error.message).toBe(
      `There is no room left to write the database ${path}: free some space on its disk.`,
    )
    expect(await listSettings(db)).toEqual(new Map([['kept', 'small']]))
    await sql`pragma max_page_count = 1000000`.execute(db)
    await setSetting(db, 'big', { value: 'x'.repeat(1_000_000), now: 2 })
    expect([...(await listSettings(db)).keys()]).toEqual(['big', 'kept'])
    expect(check).not.toThrow()
  })

  it('says that it cannot be written, and can still be read', async () => {
    await using database = await openTestDatabase()
    const { db, check } = database
    await sql`pragma query_only = on`.execute(db)
    expect((await errorOf(() => setSetting(db, 'a', { value: 1, now: 1 }))).code).toBe('read_only')
    expect((await errorOf(check)).code).toBe('read_only')
    expect(await countUsers(db)).toBe(0)
  })

  it('says that it is held elsewhere', async () => {
    const { db, path, migrate, check } = await openTempDatabase({ busyTimeout: 10 })
    await migrate()
    const other = new BetterSqlite3(path)
    onTestFinished(() => void other.close())
    other.exec('begin immediate')
    expect((await errorOf(() => setSetting(db, 'a', { value: 1, now: 1 }))).code).toBe('locked')
    expect((await errorOf(check)).code).toBe('locked')
    other.exec('rollback')
    await setSetting(db, 'a', { value: 1, now: 1 })
    expect(check).not.toThrow()
  })

  it.each([
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['cut off in the middle', (path: string) => truncateSync(path, statSync(path).size / 2)],
    ['overwritten', (path: string) => writeFileSync(path, 'x'.repeat(300_000))],
  ])('says that its file was %s', async (_title, damage) => {
    const { db, path, migrate, check } = await openTempDatabase()
    await migrate()
    await setSetting(db, 'big', { value: 'x'.repeat(200_000), now: 1 })
    await sql`pragma wal_checkpoint(truncate)`.execute(db)
    expect(check).not.toThrow()
    damage(path)
    const error = await errorOf(check)
    expect(error.code).toBe('not_a_database')
    expect(error.message).toMatch(/is not a database of BanGUI, or is damaged/)
  })

  it('keeps what an emptied file still has in its write-ahead log', async () => {
    const { db, path, migrate, check } = await openTempDatabase()
    await migrate()
    await setSetting(db, 'kept', { value: 1, now: 1 })
    const { size } = statSync(`${path}-wal`)
    truncateSync(path, 0)
    expect((await errorOf(check)).code).toBe('not_a_database')
    expect(statSync(`${path}-wal`).size).toBe(size)
    expect(size).toBeGreaterThan(0)
  })

  it('says that a table is missing as it says every damage, and from then on', async () => {
    const { db, migrate, check } = await openTempDatabase()
    await migrate()
    await sql`drop table settings`.execute(db)
    expect((await errorOf(() => listSettings(db))).code).toBe('not_a_database')
    expect((await errorOf(check)).code).toBe('not_a_database')
  })

  it.each([
    ['moved', (path: string) => renameSync(path, `${path}.old`)],
    ['deleted', (path: string) => rmSync(path)],
    [
      'replaced',
      (path: string) => {
        copyFileSync(path, `${path}.copy`)
        renameSync(`${path}.copy`, path)
      },
    ],
  ])('says that its file was %s', async (_title, harm) => {
    const { path, migrate, check } = await openTempDatabase()
    await migrate()
    harm(path)
    const error = await errorOf(check)
    expect(error.code).toBe('moved')
    expect(error.message).toContain(`${path} was moved, deleted or replaced while BanGUI runs: stop BanGUI`)
  })

  it('gives each error its cause', async () => {
    await using database = await openTestDatabase()
    await sql`pragma query_only = on`.execute(database.db)
    expect((await errorOf(() => setSetting(database.db, 'a', { value: 1, now: 1 }))).cause).toBeInstanceOf(
      BetterSqlite3.SqliteError,
    )
  })
})

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:/var/lib/bangui/bangui.db', '/var/lib/bangui/bangui.db'],
    ['sqlite:data/bangui.db', 'data/bangui.db'],
    ['sqlite:///var/lib/bangui.db', '/var/lib/bangui.db'],
    ['SQLITE:x.db', 'x.db'],
    ['/var/lib/bangui.db', '/var/lib/bangui.db'],
    ['./bangui.db', './bangui.db'],
    [' bangui.db ', 'bangui.db'],
    ['data/a:b.db', 'data/a:b.db'],
  ])('reads %j as %j', (text, path) => {
    expect(parseDatabaseUrl(text)).toEqual({ path })
  })

  it.each(['postgres://bangui:secret@db/bangui', 'postgresql://bangui:secret@db/bangui'])(
    'says that Postgres is not there yet, and keeps the password to itself',
    async (url) => {
      const error = await errorOf(() => parseDatabaseUrl(url))
      expect(error.code).toBe('unsupported')
      expect(error.message).toMatch(/Postgres is not supported in this version: use sqlite:PATH/)
      expect(error.message).not.toContain('secret')
    },
  )

  it.each(['', ' ', 'sqlite:', 'mysql://x', 'file:x.db', 'https://example.org', 'a\0b'])(
    'refuses %j',
    async (url) => {
      expect((await errorOf(() => parseDatabaseUrl(url))).code).toBe('unsupported')
    },
  )
})
