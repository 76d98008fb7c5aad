import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabaseFile } from './database-file.ts'
import { createTestDatabase } from './testing/fail2ban-database.ts'

test('the database of fail2ban is opened to be read only', async () => {
  await using file = await createTestDatabase()
  file.insert('bans', [{}])
  const before = readFileSync(file.path)
  const { database } = openDatabaseFile(file.path, null)
  for (const statement of ['delete from bans', "insert into jails values ('x', 1)", 'vacuum'])
    expect(() => database.exec(statement)).toThrow('readonly')
  database.pragma('wal_checkpoint')
  database.close()
  expect(readFileSync(file.path)).toEqual(before)
  expect(readdirSync(dirname(file.path))).toHaveLength(1)
})

test('fail2ban can write while its database is open here, and what it wrote is read', async () => {
  await using file = await createTestDatabase()
  const { database } = openDatabaseFile(file.path, null)
  const count = () => database.prepare('select count(*) from bans').pluck().get()
  expect(count()).toBe(0)
  file.insert('bans', [{}, {}])
  expect(count()).toBe(2)
  database.close()
})
