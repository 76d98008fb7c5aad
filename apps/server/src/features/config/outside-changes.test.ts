import { insertChanges, insertUser, listChanges } from '@bangui/db'
import type { OutsideEntry } from '@bangui/shared'
import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'
import { createOutsideChanges } from './outside-changes.ts'

const entryOf = (id: string, at: number, over: Partial<OutsideEntry> = {}): OutsideEntry => ({
  id,
  title: 'Changed outside BanGUI: jail.local',
  at,
  began: at,
  replaces: null,
  files: ['/etc/fail2ban/jail.local'],
  ...over,
})

async function openChanges() {
  const test = await createTestDeps()
  await insertUser(test.deps.database.db, { name: 'Ada', role: 'admin', passwordHash: '', now: 1 })
  const noticed: OutsideEntry[] = []
  const asked: number[] = []
  const forgotten: string[] = []
  const host = createFakeHost({
    config: {
      noteOutsideChanges: async (after) => {
        asked.push(after)
        return noticed.filter(({ at }) => at > after)
      },
      forget: async (id) => void forgotten.push(id),
      compareDraft: async () => ({
        edits: [{ problem: null, changed: null }],
        files: [{ file: 'jail.local', unified: '+x', after: '', edits: [0] }],
        problems: [],
      }),
    },
  })
  const outsideChanges = createOutsideChanges({ ...test.deps, host })
  const deps = withHost(test.deps, { host, outsideChanges })
  const events: unknown[] = []
  deps.events.listen((stored) => void events.push(...stored.map(({ event }) => event)))
  const admin = asRole(deps, 'admin')
  const rows = async () => (await listChanges(deps.hostDb, { cursor: null, limit: 50 })).rows
  return {
    deps,
    noticed,
    asked,
    forgotten,
    events,
    rows,
    note: () => outsideChanges.note(),
    admin: createCaller({ ...admin, session: { ...admin.session!, userId: 1 } }).config,
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  }
}

it('what somebody changed is in the history once, and an event', async () => {
  await using at = await openChanges()
  await at.note()
  at.noticed.push(entryOf('a', 5))
  await Promise.all([at.note(), at.note()])
  await at.note()
  expect(at.asked).toEqual([0, 0, 5])
  expect(await at.rows()).toMatchObject([
    { id: 'a', at: 5, outside: true, actor: null, state: 'applied', files: ['/etc/fail2ban/jail.local'] },
  ])
  expect(at.events).toMatchObject([{ type: 'config.changed', at: 5, change: 'a', files: 1 }])
})

it('an entry that goes on takes the place of its beginning', async () => {
  await using at = await openChanges()
  at.noticed.push(entryOf('a', 5))
  await at.note()
  at.noticed.push(entryOf('b', 6, { replaces: 'a' }))
  await at.note()
  expect((await at.rows()).map(({ id }) => id)).toEqual(['b'])
})

it('a program that changes a file all the time pushes no change of BanGUI out', async () => {
  await using at = await openChanges()
  const own = {
    operationId: null,
    title: 'own',
    note: null,
    files: ['x'],
    load: [],
    state: 'applied',
  } as const
  await insertChanges(
    at.deps.hostDb,
    [{ ...own, id: 'own', expect: { before: [], running: [], stopped: [] }, createdAt: 1 }],
    1,
  )
  for (let index = 0; index < 205; index += 1) at.noticed.push(entryOf(`o${index}`, 10 + index))
  await at.note()
  const kept = await at.deps.database.db.selectFrom('changes').select('id').execute()
  expect(kept).toHaveLength(201)
  expect(kept.map(({ id }) => id)).toContain('own')
  expect(at.forgotten).toEqual(['o0', 'o1', 'o2', 'o3', 'o4'])
})

it('a host that cannot look at its files is no error', async () => {
  await using test = await createTestDeps()
  const host = createFakeHost({
    config: { noteOutsideChanges: () => Promise.reject(new Error('no folder')) },
  })
  await expect(createOutsideChanges({ ...test.deps, host }).note()).resolves.toBeUndefined()
})

it('a draft names its files that somebody has changed since it was begun', async () => {
  await using at = await openChanges()
  const edits = [{ kind: 'set', scope: 'jail', name: 'web', key: 'maxretry', value: '3' } as const]
  at.noticed.push(entryOf('before', 5))
  const { revision } = await at.admin.saveDraft({ edits, revision: 0 })
  expect((await at.admin.compareDraft({})).outside).toEqual([])
  const now = at.deps.clock() + 60_000
  at.noticed.push(
    entryOf('other', now, { files: ['/etc/fail2ban/filter.d/jail.local'] }),
    entryOf('since', now + 1),
  )
  // the draft is as old as its first edit
  await at.admin.saveDraft({ edits: [...edits, { ...edits[0]!, key: 'bantime' }], revision })
  expect((await at.admin.compareDraft({})).outside).toEqual([
    { file: 'jail.local', change: 'since', at: now + 1 },
  ])
})
