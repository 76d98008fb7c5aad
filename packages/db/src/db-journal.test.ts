import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openTempDatabase } from './testing/temp-folder.ts'
import { addTestHost, local } from './testing/test-hosts.ts'
import type { SavedChange } from '@bangui/shared'
import type { Db } from './database.ts'
import { createDbJournal } from './db-journal.ts'
import { saveRuntimeState } from './queries/runtime-state.ts'
import { openTestDatabase } from './testing.ts'
import { inDurableTransaction } from './transaction.ts'

const DAY = 86_400_000

const everyByte = new Uint8Array(Array.from({ length: 256 }, (_, byte) => byte))

const changeOf = (id: string, change: Partial<SavedChange> = {}): SavedChange => ({
  id,
  kind: 'activate',
  jailName: 'sshd',
  createdAt: 1,
  state: 'prepared',
  files: [],
  written: [],
  jailsBefore: [],
  ...change,
})

const idsOf = async (db: Db) => (await db.selectFrom('changes').select('id').execute()).map(({ id }) => id)

async function synchronousOf(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db)
  return rows[0]?.synchronous
}

it('gives back a change as it was saved, byte for byte and in order', async () => {
  await using database = await openTestDatabase()
  const journal = createDbJournal(local(database.db))
  const change = changeOf('a', {
    kind: 'deactivate',
    files: [
      { path: '/etc/fail2ban/jail.d/z.local', content: everyByte, mode: 0o640, uid: 1, gid: 2 },
      { path: '/etc/fail2ban/jail.d/a.local', content: null, mode: 0o644, uid: 0, gid: 0 },
      { path: '/etc/fail2ban/jail.local', content: new Uint8Array(), mode: 0o600, uid: 0, gid: 0 },
    ],
    written: [
      { path: '/etc/fail2ban/jail.d/z.local', content: null },
      { path: '/etc/fail2ban/jail.d/a.local', content: everyByte },
    ],
    jailsBefore: ['sshd', 'nginx'],
  })
  await journal.save(change)
  expect(await journal.get('a')).toEqual(change)
  expect(await journal.get('b')).toBeUndefined()
})

it('keeps a change through a close of the database', async () => {
  const { db, path, migrate, close } = await openTempDatabase()
  await migrate()
  const change = changeOf('a', { state: 'applying' })
  await createDbJournal(local(db)).save(change)
  await close()
  const again = await openTempDatabase({ path })
  expect(await createDbJournal(local(again.db)).listInterrupted()).toEqual([change])
})

it('refuses a second change of the same id and keeps the first', async () => {
  await using database = await openTestDatabase()
  const journal = createDbJournal(local(database.db))
  await journal.save(changeOf('a'))
  await expect(journal.save(changeOf('a', { jailName: 'other' }))).rejects.toThrow('UNIQUE')
  expect(await journal.get('a')).toEqual(changeOf('a'))
})

it('lists the changes of its own host that were being applied, the oldest first', async () => {
  await using database = await openTestDatabase()
  const journal = createDbJournal(local(database.db))
  await createDbJournal(await addTestHost(database.db)).save(changeOf('x', { state: 'applying' }))
  for (const [index, id] of ['c', 'b', 'a'].entries()) await journal.save(changeOf(id, { createdAt: index }))
  for (const id of ['a', 'b', 'c']) await journal.setState(id, 'applying')
  await journal.setState('b', 'applied')
  expect((await journal.listInterrupted()).map(({ id }) => id)).toEqual(['c', 'a'])
  await expect(journal.setState('none', 'applied')).rejects.toThrow('There is no change none.')
})

it('syncs to the disk while it saves, and no longer than that', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  expect(await synchronousOf(db)).toBe(1)
  expect(await inDurableTransaction(db, synchronousOf)).toBe(2)
  expect(await synchronousOf(db)).toBe(1)
  await expect(
    inDurableTransaction(db, async () => {
      throw new Error('stop')
    }),
  ).rejects.toThrow('stop')
  expect(await synchronousOf(db)).toBe(1)
})

it('keeps the last hundred changes and those of ninety days', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const journal = createDbJournal(local(db), () => 200 * DAY)
  for (let index = 0; index < 120; index++) {
    const createdAt = index < 20 ? index * DAY : (110 + (index % 2)) * DAY + index
    await journal.save(changeOf(`change-${index}`, { createdAt, state: 'applied' }))
  }
  expect(await idsOf(db)).toHaveLength(100)
  await journal.save(changeOf('new', { createdAt: 200 * DAY }))
  expect(await idsOf(db)).toHaveLength(101)
  expect(await idsOf(db)).not.toContain('change-19')
})

it('keeps an old change that is being applied, is waited for, or was just saved', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const old = createDbJournal(local(db), () => 0)
  for (const id of ['applying', 'pending', 'activation', 'plain'])
    await old.save(changeOf(id, { createdAt: 0, state: id === 'applying' ? 'applying' : 'applied' }))
  const recovery = {
    jailName: 'sshd',
    activatedAt: 0,
    detectedAt: 0,
    recovered: false,
    cause: 'crashed',
  } as const
  await saveRuntimeState(local(db), {
    pendingRecovery: { ...recovery, missingJails: [], changeId: 'pending' },
    lastActivation: { jailName: 'sshd', at: 0, changeId: 'activation' },
    lastActivationConfirmed: false,
    online: true,
    now: 0,
  })
  const journal = createDbJournal(local(db), () => 200 * DAY)
  for (let index = 0; index < 100; index++)
    await journal.save(changeOf(`new-${index}`, { createdAt: 200 * DAY }))
  await journal.save(changeOf('late', { createdAt: 0 }))
  const ids = await idsOf(db)
  expect(ids).toEqual(expect.arrayContaining(['applying', 'pending', 'activation', 'late']))
  expect(ids).not.toContain('plain')
})

it('deletes the files with their change', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  await createDbJournal(local(db)).save(changeOf('a', { written: [{ path: '/x', content: everyByte }] }))
  await db.deleteFrom('changes').execute()
  expect(await db.selectFrom('change_files').selectAll().execute()).toEqual([])
})
