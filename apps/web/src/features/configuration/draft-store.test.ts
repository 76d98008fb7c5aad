import type { ConfigDraft, Edit } from '@bangui/shared'
import { expect, it, vi } from 'vitest'
import { createFakeApi, Refusal } from '../../../test/fake-api.ts'
import { createDraft } from './draft.ts'

const set = (key: string, value: string): Edit => ({ kind: 'set', scope: 'jail', name: 'web', key, value })

/** A server that keeps one draft, and any number of tabs. */
function createServer(edits: Edit[] = []) {
  const server = { draft: { revision: 5, edits, savedAt: 1 } as ConfigDraft, isDown: false }
  const openTab = () => {
    const { api, calls } = createFakeApi({
      'config.draft': () => {
        if (server.isDown) throw new Refusal('database_unavailable', 'It is down.')
        return server.draft
      },
      'config.saveDraft': (input) => {
        const { edits: next, revision } = input as ConfigDraft
        if (server.isDown) throw new Refusal('database_unavailable', 'It is down.')
        if (revision !== server.draft.revision) throw new Refusal('draft_changed', 'It was changed.')
        server.draft = { revision: revision + 1, edits: next, savedAt: 2 }
        return { revision: revision + 1, savedAt: 2 }
      },
    })
    return { draft: createDraft(api), calls }
  }
  return { server, openTab }
}

const saved = (draft: ReturnType<typeof createDraft>) =>
  vi.waitFor(() => {
    if (draft.store.isSaving()) throw new Error('It is being saved.')
  })

it('a draft is there again in a new tab', async () => {
  const { openTab } = createServer()
  const first = openTab()
  first.draft.add(set('a', '1'))
  expect(first.draft.edits()).toEqual([set('a', '1')])
  first.draft.add(set('b', '2'))
  await saved(first.draft)
  const second = openTab()
  await second.draft.store.refresh()
  expect(second.draft.edits()).toEqual([set('a', '1'), set('b', '2')])
  expect(second.draft.store.changedElsewhere()).toBe(0)
})

it('what is changed while the draft is saved is saved after it, in one request', async () => {
  const { server, openTab } = createServer()
  const tab = openTab()
  for (const key of ['a', 'b', 'c', 'd']) tab.draft.add(set(key, '1'))
  await saved(tab.draft)
  expect(server.draft.edits).toHaveLength(4)
  expect(tab.calls.filter((call) => call.startsWith('config.saveDraft'))).toHaveLength(1)
})

it('two tabs that change other settings have both changes', async () => {
  const { server, openTab } = createServer([set('a', '1')])
  const [one, two] = [openTab(), openTab()]
  await Promise.all([one.draft.store.refresh(), two.draft.store.refresh()])
  one.draft.add(set('b', '1'))
  await saved(one.draft)
  two.draft.add(set('c', '1'))
  await saved(two.draft)
  expect(server.draft.edits).toEqual([set('a', '1'), set('b', '1'), set('c', '1')])
  expect(two.draft.store.changedElsewhere()).toBe(1)
  expect(two.draft.store.conflicts()).toEqual([])
})

it('two tabs that change the same setting: the later one shows both, and nothing is saved over the other', async () => {
  const { server, openTab } = createServer([set('a', '1')])
  const [one, two] = [openTab(), openTab()]
  await Promise.all([one.draft.store.refresh(), two.draft.store.refresh()])
  one.draft.add(set('a', '2'))
  await saved(one.draft)
  two.draft.add(set('a', '3'))
  await saved(two.draft)
  const [conflict] = two.draft.store.conflicts()
  expect(conflict).toMatchObject({ here: set('a', '3'), there: set('a', '2') })
  expect(server.draft.edits).toEqual([set('a', '2')])
  expect(two.draft.store.isSafe()).toBe(false)
  two.draft.store.resolve(conflict!, 'here')
  await saved(two.draft)
  expect(server.draft.edits).toEqual([set('a', '3')])
  expect(two.draft.store.isSafe()).toBe(true)
})

it('what cannot be saved stays in the tab, and is saved once it can be', async () => {
  const { server, openTab } = createServer()
  const tab = openTab()
  server.isDown = true
  tab.draft.add(set('a', '1'))
  await saved(tab.draft)
  expect(tab.draft.store.problem()).toMatchObject({ reason: 'database_unavailable' })
  expect(tab.draft.edits()).toEqual([set('a', '1')])
  server.isDown = false
  await tab.draft.store.refresh()
  expect(tab.draft.store.problem()).toBeUndefined()
  expect(server.draft.edits).toEqual([set('a', '1')])
})

it('edits that were removed are put back at their places, beside what came since', async () => {
  const { openTab } = createServer([set('a', '1'), set('b', '1')])
  const { draft } = openTab()
  await draft.store.refresh()
  const before = draft.edits()
  draft.remove(before[0]!)
  draft.add(set('c', '1'))
  draft.putBack(before)
  expect(draft.edits()).toEqual([set('a', '1'), set('b', '1'), set('c', '1')])
  draft.clear()
  draft.add(set('a', '9'))
  draft.putBack(before)
  expect(draft.edits()).toEqual([set('a', '9'), set('b', '1')])
})
