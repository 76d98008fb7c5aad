import { insertFirstUser, openDatabase } from '@bangui/db'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { gatherFacts } from './gather-facts.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facts-'))
  path = join(folder, 'bangui.db')
  return () => rm(folder, { recursive: true, force: true })
})

const look = (env: Record<string, string> = {}) =>
  gatherFacts(loadConfig({ BANGUI_DATA_DIR: folder, ...env }), 'auto', { root: join(folder, 'machine') })

async function makeDatabase({ withUser }: { withUser: boolean }): Promise<void> {
  const database = await openDatabase({ path })
  await database.migrate()
  if (withUser) {
    await insertFirstUser(database.db, { name: 'admin', passwordHash: 'hash', role: 'admin', now: 1 })
  }
  await database.close()
}

test('a folder without a database belongs to nobody, and stays as it is', async () => {
  expect(await look()).toMatchObject({
    mode: 'auto',
    setupComplete: false,
    daemonRunning: false,
    serviceEnabled: false,
  })
  expect(existsSync(path)).toBe(false)
})

test('a database without a user belongs to nobody yet', async () => {
  await makeDatabase({ withUser: false })
  expect(await look()).toMatchObject({ setupComplete: false })
})

test('an empty file in the place of the database belongs to nobody yet', async () => {
  await writeFile(path, '')
  expect(await look()).toMatchObject({ setupComplete: false })
})

test('a database with a user belongs to a completed setup', async () => {
  await makeDatabase({ withUser: true })
  expect(await look()).toMatchObject({ setupComplete: true })
})

test('a database that cannot be read belongs to somebody', async () => {
  await writeFile(path, 'this is no database, but it may be dear to somebody'.repeat(100))
  expect(await look()).toMatchObject({ setupComplete: true })
})

test('a socket counts as given when the environment names it, present or not', async () => {
  expect(await look()).toMatchObject({ socketGiven: false })
  const missing = join(folder, 'run/fail2ban.sock')
  expect(await look({ BANGUI_FAIL2BAN_SOCKET: missing })).toMatchObject({
    socketGiven: true,
    socket: 'missing',
  })
  await mkdir(join(folder, 'run'))
  await writeFile(missing, '')
  expect(await look({ BANGUI_FAIL2BAN_SOCKET: missing })).toMatchObject({
    socketGiven: true,
    socket: 'present',
  })
})
