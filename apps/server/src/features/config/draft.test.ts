import { HostError } from '@bangui/fail2ban'
import { insertUser } from '@bangui/db'
import { DAY_MS, type DraftComparison, type Edit, type Role } from '@bangui/shared'
import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'
import { deleteOldDrafts } from './draft.service.ts'

const edits: Edit[] = [
  { kind: 'set', scope: 'jail', name: 'web', key: 'action', value: 'mail[key=s3cret]', base: null },
]
const comparison: DraftComparison = {
  edits: [{ problem: null, changed: { now: 'x' } }],
  files: [{ file: 'jail.local', unified: '+action', after: '', edits: [0] }],
  problems: [],
}

async function openDrafts(env: Record<string, string> = {}) {
  const test = await createTestDeps(env)
  const asked: unknown[] = []
  const host = createFakeHost({
    config: {
      compareDraft: async (list) => {
        asked.push(list)
        return comparison
      },
      listDraftedSettings: async (...given) => {
        asked.push(given)
        return null
      },
    },
  })
  const { db } = test.deps.database
  for (const name of ['Ada', 'Bob']) await insertUser(db, { name, role: 'admin', passwordHash: '', now: 1 })
  const deps = withHost(test.deps, { host })
  const callerOf = (userId: number, role: Role) => {
    const context = asRole(deps, role)
    return createCaller({ ...context, session: { ...context.session!, userId } }).config
  }
  return {
    deps,
    asked,
    callerOf,
    ada: callerOf(1, 'admin'),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  }
}

it('a draft is kept for its user alone, and compared with the files of the host', async () => {
  await using at = await openDrafts()
  expect(await at.ada.draft({})).toEqual({ revision: 0, edits: [], savedAt: null })
  const { revision, savedAt } = await at.ada.saveDraft({ edits, revision: 0 })
  expect(await at.ada.draft({})).toEqual({ revision, edits, savedAt })
  expect((await at.callerOf(2, 'admin').draft({})).edits).toEqual([])
  expect(await at.ada.compareDraft({})).toEqual({ revision, ...comparison, outside: [] })
  expect(at.asked).toEqual([edits])
})

it('an empty draft is compared without the host', async () => {
  await using at = await openDrafts()
  expect(await at.ada.compareDraft({})).toEqual({
    revision: 0,
    edits: [],
    files: [],
    problems: [],
    outside: [],
  })
  expect(at.asked).toEqual([])
})

it('the settings as the own draft leaves them are asked of the host with its edits', async () => {
  await using at = await openDrafts()
  const { revision } = await at.ada.saveDraft({ edits, revision: 0 })
  const part = { scope: 'jail', name: 'web' } as const
  expect(await at.ada.draftedSettings(part)).toEqual({ revision, settings: null })
  expect(at.asked).toEqual([[edits, part]])
  expect(await refusalOf(at.callerOf(1, 'operator').draftedSettings(part))).toMatchObject({
    reason: 'forbidden',
  })
})

it('a tab that does not know the newest draft does not overwrite it', async () => {
  await using at = await openDrafts()
  const first = await at.ada.saveDraft({ edits, revision: 0 })
  expect(await refusalOf(at.ada.saveDraft({ edits: [], revision: 0 }))).toMatchObject({
    code: 'CONFLICT',
    reason: 'draft_changed',
  })
  expect(await at.ada.draft({})).toMatchObject({ revision: first.revision, edits })
})

it('a draft is bounded in number and size', async () => {
  await using at = await openDrafts()
  const many = Array.from({ length: 201 }, () => edits[0]!)
  expect(await refusalOf(at.ada.saveDraft({ edits: many, revision: 0 }))).toMatchObject({
    code: 'BAD_REQUEST',
  })
  const large = ['a', 'b', 'c', 'd'].map((name): Edit => ({
    kind: 'file',
    file: `jail.d/${name}.local`,
    content: 'x'.repeat(1_000_000),
  }))
  expect(await refusalOf(at.ada.saveDraft({ edits: large, revision: 0 }))).toMatchObject({
    code: 'BAD_REQUEST',
  })
  await at.ada.saveDraft({ edits: large.slice(1), revision: 0 })
})

it('nobody without the permission to change the configuration reads a draft, also not the own one', async () => {
  await using at = await openDrafts()
  await at.ada.saveDraft({ edits, revision: 0 })
  const demoted = at.callerOf(1, 'operator')
  for (const call of [demoted.draft({}), demoted.compareDraft({}), demoted.saveDraft({ edits, revision: 0 })])
    expect(await refusalOf(call)).toMatchObject({ reason: 'forbidden' })
  await at.deps.database.db.updateTable('users').set({ role: 'operator' }).where('id', '=', 1).execute()
  await deleteOldDrafts(at.deps)
  expect((await at.ada.draft({})).edits).toEqual([])
})

it('a draft that nobody has saved for 90 days is deleted', async () => {
  await using at = await openDrafts()
  await at.ada.saveDraft({ edits, revision: 0 })
  await deleteOldDrafts({ ...at.deps, clock: () => at.deps.clock() + 89 * DAY_MS })
  expect((await at.ada.draft({})).edits).toEqual(edits)
  await deleteOldDrafts({ ...at.deps, clock: () => at.deps.clock() + 91 * DAY_MS })
  expect((await at.ada.draft({})).edits).toEqual([])
})

it('a draft is there while its host cannot compare it', async () => {
  await using at = await openDrafts()
  await at.ada.saveDraft({ edits, revision: 0 })
  const host = createFakeHost({
    config: {
      compareDraft: () => Promise.reject(new HostError('config_unreadable', { message: 'No folder.' })),
    },
  })
  const ada = createCaller(asRole(withHost(at.deps, { host }), 'admin')).config
  expect((await ada.draft({})).edits).toEqual(edits)
  expect(await refusalOf(ada.compareDraft({}))).toMatchObject({ reason: 'config_unreadable' })
})

it('a draft can be saved while BanGUI is read-only', async () => {
  await using at = await openDrafts({ BANGUI_READ_ONLY: 'true' })
  await at.ada.saveDraft({ edits, revision: 0 })
  expect((await at.ada.draft({})).edits).toEqual(edits)
})
