import type { ComparedDraft, ConfigDraft, Edit } from '@bangui/shared'
import { screen } from '@solidjs/testing-library'
import { expect, it } from 'vitest'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { renderPage } from '../../../test/render-page.tsx'
import { createDraft, type Draft } from './draft.ts'
import { DraftView } from './draft-view.tsx'

const set = (key: string, value: string): Edit => ({ kind: 'set', scope: 'jail', name: 'web', key, value })

/** A server that compares a draft with files in which each option has a file of its own. */
function openView(over: Partial<ComparedDraft> = {}) {
  let saved: ConfigDraft = { revision: 0, edits: [], savedAt: null }
  let draft: Draft | undefined
  const View = () => {
    draft = createDraft(useApi())
    return <DraftView draft={draft} configDir="/etc/fail2ban" />
  }
  const view = renderPage(
    () => (
      <QueryProvider>
        <View />
      </QueryProvider>
    ),
    {
      procedures: {
        'config.draft': () => saved,
        'config.saveDraft': (input) => {
          saved = { ...(input as ConfigDraft), revision: saved.revision + 1, savedAt: 1 }
          return { revision: saved.revision, savedAt: 1 }
        },
        'config.compareDraft': (): ComparedDraft => ({
          revision: saved.revision,
          outside: [],
          edits: saved.edits.map(() => ({ problem: null, changed: null })),
          files: [
            {
              file: 'jail.local',
              unified: saved.edits
                .map((edit) => `+${edit.kind === 'set' ? `${edit.key} = ${edit.value}` : ''}\n`)
                .join(''),
              after: '',
              edits: saved.edits.map((_, index) => index),
            },
          ],
          problems: [],
          ...over,
        }),
      },
    },
  )
  return { ...view, draft: () => draft! }
}

it('the differences follow the draft', async () => {
  const { draft } = openView()
  draft().add(set('bantime', '3h'))
  await screen.findByText('+bantime = 3h')
  draft().add(set('maxretry', '7'))
  await screen.findByText('+maxretry = 7')
  expect(screen.queryByText('No difference from the files')).toBeNull()
})

it('an edit says what somebody else has changed since; theirs or mine is chosen', async () => {
  const { draft } = openView({ edits: [{ problem: null, changed: { now: '5' } }] })
  draft().add({ ...set('maxretry', '7'), base: '4' } as Edit)
  const note = await screen.findByRole('note')
  expect(note.textContent).toContain('it was 4 and is now 5. With your change, it becomes 7')
  screen.getByRole('button', { name: 'Keep mine' }).click()
  expect(draft().edits()).toEqual([{ ...set('maxretry', '7'), base: '5' }])
  ;(await screen.findByRole('button', { name: 'Take theirs' })).click()
  expect(draft().edits()).toEqual([])
})

it('an edit that cannot be made says why, also where no file differs', async () => {
  const problem = { message: 'There is no jail named web.', file: null, section: null, key: null }
  const { draft } = openView({
    edits: [{ problem, changed: null }],
    files: [],
    problems: [{ ...problem, message: 'The defaults do not fit.' }],
  })
  draft().add(set('maxretry', '7'))
  await screen.findByText('There is no jail named web.')
  await screen.findByText('The defaults do not fit.')
  expect(await screen.findByText('No difference from the files')).toBeTruthy()
})

it('a file that somebody else has changed is named, with the change', async () => {
  const outside = [{ file: 'jail.local', change: 'c1', at: Date.now() }]
  const { draft } = openView({ outside })
  draft().add(set('maxretry', '7'))
  const link = await screen.findByRole('link', { name: 'Show the change' })
  expect(link.getAttribute('href')).toBe('/configuration/history?change=c1')
})
