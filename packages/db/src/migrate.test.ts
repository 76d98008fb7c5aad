import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startChild } from './testing/child.ts'
import { createTempFolder, openTempDatabase } from './testing/temp-folder.ts'
import type { Db } from './database.ts'
import { migrations } from './migrations/index.ts'
import { versionAfter } from './schema-version.ts'
import type { Migration } from './migrations/migration.ts'
import { listSettings, setSetting } from './queries/settings.ts'

const latest = versionAfter(migrations.length)

const createTable = (name: string): Migration => ({
  name: `create-${name}`,
  up: async (execute) => {
    await execute(sql`create table ${sql.table(name)} (id integer)`)
  },
})

const failing: Migration = {
  name: 'failing',
  up: async (execute) => {
    await execute(sql`create table half_done (id integer)`)
    await execute(sql`update settings set value = '"changed"'`)
    throw new Error('It cannot go on.')
  },
}

async function schemaOf(db: Db): Promise<unknown[]> {
  const { rows } = await sql`select type, name, sql from sqlite_schema order by name`.execute(db)
  return rows
}

async function versionsOf(db: Db): Promise<number[]> {
  const rows = await db.selectFrom('migrations').select('version').orderBy('version').execute()
  return rows.map((row) => row.version)
}

/** Tables that are about no host. */
const withoutHost = [
  'alert_channels',
  'alert_deliveries',
  'alert_progress',
  'alert_rules',
  'alert_subjects',
  'geo_cache',
  'hosts',
  'known_sign_ins',
  'migrations',
  'scheduler_lock',
  'sessions',
  'settings',
  'users',
]

/** Tables whose rows belong to a row of another table, which has a host. */
const belongsTo: Record<string, string> = {
  bans: 'jail_id',
  jail_hours: 'jail_id',
  jail_days: 'jail_id',
  ban_lines: 'ban_id',
  operation_items: 'operation',
  alert_history: 'incident',
  blocklist_contents: 'list_id',
  import_runs: 'list_id',
}

it('every row about fail2ban belongs to one host', async () => {
  const { db, migrate } = await openTempDatabase()
  await migrate()
  const { rows } = await sql<{ readonly table: string; readonly columns: string }>`
    select m.name as "table", group_concat(c.name) as columns
    from sqlite_schema m join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite_%' group by m.name`.execute(db)
  const tables = rows.filter(({ table }) => !withoutHost.includes(table))
  expect(tables.length).toBeGreaterThan(15)
  const isOfHost = ({ table, columns }: (typeof rows)[number]) =>
    columns.split(',').includes(belongsTo[table] ?? 'host_id')
  expect(tables.filter((table) => !isOfHost(table))).toEqual([])
})

describe('migrate', () => {
  it('brings an empty database to the latest version, without a copy', async () => {
    const { db, path, migrate } = await openTempDatabase({ clock: () => 77 })
    expect(await migrate()).toEqual({ from: 0, to: latest })
    expect(await db.selectFrom('migrations').selectAll().execute()).toEqual(
      migrations.map(({ name }, index) => ({ version: versionAfter(index + 1), name, applied_at: 77 })),
    )
    expect(readdirSync(dirname(path)).filter((name) => name.includes('before'))).toEqual([])
  })

  it('does nothing the second time', async () => {
    const { db, path, migrate } = await openTempDatabase()
    await migrate()
    const schema = await schemaOf(db)
    expect(await migrate()).toEqual({ from: latest, to: latest })
    const again = await openTempDatabase({ path })
    expect(await again.migrate()).toEqual({ from: latest, to: latest })
    expect(await schemaOf(again.db)).toEqual(schema)
  })

  it('leaves schema, data and version as they were when a migration fails', async () => {
    const old = await openTempDatabase()
    await old.migrate()
    await setSetting(old.db, 'kept', { value: 'as it was', now: 1 })
    const schema = await schemaOf(old.db)
    const broken = await openTempDatabase({
      path: old.path,
      migrations: [...migrations, failing, createTable('later')],
    })
    await expect(broken.migrate()).rejects.toThrow('It cannot go on.')
    expect(await schemaOf(broken.db)).toEqual(schema)
    expect(await versionsOf(broken.db)).toEqual(migrations.map((_, index) => versionAfter(index + 1)))
    expect(await listSettings(broken.db)).toEqual(new Map([['kept', 'as it was']]))
  })

  it('keeps the migrations that went well before one that fails, and goes on from there', async () => {
    const path = `${createTempFolder()}/bangui.db`
    const first = await openTempDatabase({
      path,
      migrations: [...migrations, createTable('second'), failing],
    })
    await expect(first.migrate()).rejects.toThrow('It cannot go on.')
    await first.close()
    const mended = [...migrations, createTable('second'), createTable('third')]
    const next = await openTempDatabase({ path, migrations: mended })
    expect(await next.migrate()).toMatchObject({ from: latest + 1, to: latest + 2 })
  })

  it('leaves everything as it was when the process is killed in the middle of one', async () => {
    const old = await openTempDatabase()
    await old.migrate()
    await setSetting(old.db, 'kept', { value: 'as it was', now: 1 })
    const schema = await schemaOf(old.db)
    await old.close()
    const child = startChild('hang-in-migration', old.path)
    expect(await child.next()).toBe('inside')
    expect(statSync(`${old.path}-wal`).size).toBeGreaterThan(1_000_000)
    await child.kill()
    const { db, migrate } = await openTempDatabase({ path: old.path })
    expect(await schemaOf(db)).toEqual(schema)
    expect(await listSettings(db)).toEqual(new Map([['kept', 'as it was']]))
    expect(await migrate()).toEqual({ from: latest, to: latest })
  })

  it('passes over a migration that another process ran in between', async () => {
    const path = `${createTempFolder()}/bangui.db`
    const other = () => {
      const sqlite = new BetterSqlite3(path)
      sqlite.exec(
        `create table third (id integer); insert into migrations values (${latest + 2}, 'third', 5)`,
      )
      sqlite.close()
    }
    let steps = 0
    const log = {
      warn: () => undefined,
      info: () => (++steps === migrations.length + 1 ? other() : undefined),
    }
    const list = [...migrations, createTable('second'), createTable('third')]
    const { db, migrate } = await openTempDatabase({ path, migrations: list, log })
    expect(await migrate()).toMatchObject({ to: latest + 2 })
    expect(
      await db
        .selectFrom('migrations')
        .select('applied_at')
        .where('version', '=', latest + 2)
        .execute(),
    ).toEqual([{ applied_at: 5 }])
  })

  it('runs each migration once when several processes migrate at the same time', async () => {
    const path = `${createTempFolder()}/bangui.db`
    const children = Array.from({ length: 4 }, () => startChild('migrate', path))
    const results = await Promise.all(children.map((child) => child.next()))
    for (const result of results) expect(result).toMatchObject({ to: latest })
    const { db } = await openTempDatabase({ path })
    expect(await versionsOf(db)).toEqual(migrations.map((_, index) => versionAfter(index + 1)))
  })

  it('refuses a newer database, at opening and at migrating, and touches nothing of it', async () => {
    const newer = await openTempDatabase({ migrations: [...migrations, createTable('future')] })
    const older = await openTempDatabase({ path: newer.path })
    await newer.migrate()
    await expect(older.migrate()).rejects.toMatchObject({ code: 'newer' })
    await expect(openTempDatabase({ path: newer.path })).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringContaining(
        `${newer.path} was written by a newer BanGUI: use that version, or put back the copy that was kept before ` +
          `the update (its schema has version ${latest + 1}, this program knows ${latest})`,
      ),
    })
    expect(await versionsOf(newer.db)).toHaveLength(migrations.length + 1)
  })
})

describe('a database from before the first release', () => {
  it('is refused in one sentence, and left as it was', async () => {
    const old = await openTempDatabase()
    await old.migrate()
    await sql`update migrations set version = version - ${latest - 6}`.execute(old.db)
    const versions = await versionsOf(old.db)
    await expect(openTempDatabase({ path: old.path })).rejects.toMatchObject({
      code: 'older',
      message: `The database ${old.path} was written by a BanGUI from before the first release: move it away, and BanGUI starts with a new one.`,
    })
    expect(await versionsOf(old.db)).toEqual(versions)
  })
})

describe('the copy before a migration', () => {
  it('holds the database as it was, is complete without a log, and is private', async () => {
    const old = await openTempDatabase()
    await old.migrate()
    await setSetting(old.db, 'kept', { value: 'as it was', now: 1 })
    const next = await openTempDatabase({
      path: old.path,
      migrations: [...migrations, createTable('second')],
    })
    const copy = `${old.path}.before-${latest + 1}`
    expect(await next.migrate()).toEqual({ from: latest, to: latest + 1, copy })
    await setSetting(next.db, 'kept', { value: 'changed', now: 2 })
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    const kept = new BetterSqlite3(copy, { readonly: true })
    expect(kept.prepare('select value from settings').pluck().all()).toEqual(['"as it was"'])
    expect(kept.pragma('integrity_check', { simple: true })).toBe('ok')
    kept.close()
    const restored = await openTempDatabase({ path: copy })
    expect(await restored.migrate()).toEqual({ from: latest, to: latest })
  })

  it('is made again over one that was left unfinished, and the last three are kept', async () => {
    const { path, migrate, close } = await openTempDatabase()
    await migrate()
    await close()
    writeFileSync(`${path}.before-${latest + 1}.part`, 'unfinished')
    writeFileSync(`${path}.before-christmas`, 'not ours')
    const steps = ['b', 'c', 'd', 'e', 'f'].map(createTable)
    for (let count = 1; count <= steps.length; count++) {
      const next = await openTempDatabase({ path, migrations: [...migrations, ...steps.slice(0, count)] })
      await next.migrate()
      await next.close()
    }
    const names = readdirSync(dirname(path)).filter((name) => name.includes('.before-'))
    const kept = [3, 4, 5].map((step) => `bangui.db.before-${latest + step}`)
    expect(names.toSorted()).toEqual([...kept, 'bangui.db.before-christmas'].toSorted())
  })

  it('stops the migration when it cannot be made', async () => {
    const { path, migrate, close } = await openTempDatabase()
    await migrate()
    await close()
    const next = await openTempDatabase({ path, migrations: [...migrations, createTable('second')] })
    mkdirSync(`${path}.before-${latest + 1}`)
    await expect(next.migrate()).rejects.toThrow(/directory|exists|EISDIR|EEXIST/)
    expect(await versionsOf(next.db)).toHaveLength(migrations.length)
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
