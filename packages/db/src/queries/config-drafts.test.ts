import { LOCAL_HOST_ID, type Edit } from '@bangui/shared'
import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { deleteConfigDrafts, findConfigDraft, saveConfigDraft } from './config-drafts.ts'
import { insertHost } from './hosts.ts'
import { insertUser } from './users.ts'

const edits: Edit[] = [{ kind: 'set', scope: 'jail', name: 'web', key: 'bantime', value: '1h', base: '10m' }]

async function openDrafts() {
  const database = await openTestDatabase()
  const { db } = database
  const addUser = async (name: string, role: 'admin' | 'viewer') =>
    (await insertUser(db, { name, role, passwordHash: '', now: 1 }))?.id ?? 0
  const users = {
    ada: await addUser('Ada', 'admin'),
    bob: await addUser('Bob', 'admin'),
    eve: await addUser('Eve', 'viewer'),
  }
  const { id: otherHost } = await insertHost(db, { key: 'web2', name: 'web2', kind: 'local', createdAt: 1 })
  return {
    own: { db, hostId: LOCAL_HOST_ID },
    other: { db, hostId: otherHost },
    users,
    [Symbol.asyncDispose]: () => database.close(),
  }
}

it('a draft belongs to one user and one host', async () => {
  await using at = await openDrafts()
  expect(await findConfigDraft(at.own, at.users.ada)).toEqual({ revision: 0, edits: [], savedAt: null })
  const revision = await saveConfigDraft(at.own, { userId: at.users.ada, edits, revision: 0, now: 500 })
  expect(await findConfigDraft(at.own, at.users.ada)).toEqual({ revision, edits, savedAt: 500 })
  expect((await findConfigDraft(at.own, at.users.bob)).edits).toEqual([])
  expect((await findConfigDraft(at.other, at.users.ada)).edits).toEqual([])
})

it('a draft is not overwritten by edits that were made on an older revision', async () => {
  await using at = await openDrafts()
  const save = (revision: number, list: Edit[]) =>
    saveConfigDraft(at.own, { userId: at.users.ada, edits: list, revision, now: 500 })
  const first = (await save(0, edits)) ?? 0
  const second = (await save(first, [])) ?? 0
  expect(second).toBeGreaterThan(first)
  expect(await save(first, edits)).toBeUndefined()
  expect(await save(0, edits)).toBeUndefined()
  expect(await findConfigDraft(at.own, at.users.ada)).toMatchObject({ revision: second, edits: [] })
})

it('the drafts of users who may no longer change the configuration are deleted, and old ones', async () => {
  await using at = await openDrafts()
  const save = (userId: number, now: number) => saveConfigDraft(at.own, { userId, edits, revision: 0, now })
  await save(at.users.ada, 500)
  await save(at.users.bob, 5)
  await save(at.users.eve, 500)
  expect(await deleteConfigDrafts(at.own.db, { before: 100, roles: ['admin'] })).toBe(2)
  expect((await findConfigDraft(at.own, at.users.ada)).edits).toEqual(edits)
  expect((await findConfigDraft(at.own, at.users.bob)).revision).toBe(0)
  expect((await findConfigDraft(at.own, at.users.eve)).revision).toBe(0)
})
