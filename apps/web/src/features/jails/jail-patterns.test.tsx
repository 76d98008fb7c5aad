import type { JailFilter as Filter } from '@bangui/shared'
import { screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { QueryProvider } from '../../api/query-provider.tsx'
import { Refusal } from '../../../test/fake-api.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { JailPatterns } from './jail-patterns.tsx'

const show = (filter: () => Filter, runs = true) =>
  renderPage(
    () => (
      <QueryProvider>
        <JailPatterns name="sshd" runs={runs} />
      </QueryProvider>
    ),
    { procedures: { 'jails.filter': filter } },
  )

const group = async (name: string) => within(await screen.findByRole('region', { name }))

it('the patterns of a jail are shown: what matches, and what is ignored', async () => {
  show(() => ({ failRegex: ['^from <HOST>$'], ignoreRegex: ['^monitor$'], prefRegex: '^sshd: (.*)$' }))
  expect((await group('Only lines that match this are examined')).getByText('^sshd: (.*)$')).toBeVisible()
  expect(
    (await group('Failure patterns: a matching line counts as a failure')).getByText('^from <HOST>$'),
  ).toBeVisible()
  expect(
    (await group('Ignore patterns: a matching line does not count')).getByText('^monitor$'),
  ).toBeVisible()
})

it('a few patterns are shown until the reader asks for all', async () => {
  const user = userEvent.setup()
  show(() => ({
    failRegex: Array.from({ length: 30 }, (_, index) => `^failure ${index}$`),
    ignoreRegex: [],
    prefRegex: null,
  }))
  const failures = await group('Failure patterns: a matching line counts as a failure')
  expect(failures.getAllByRole('listitem')).toHaveLength(8)
  await user.click(failures.getByRole('button', { name: 'Show 22 more' }))
  expect(failures.getAllByRole('listitem')).toHaveLength(30)
  expect(screen.queryByRole('region', { name: 'Ignore patterns: a matching line does not count' })).toBeNull()
})

it('a jail without patterns is said to find no failures', async () => {
  show(() => ({ failRegex: [], ignoreRegex: [], prefRegex: null }))
  expect(await screen.findByText('No patterns: this jail never finds a failure.')).toBeVisible()
})

it('the patterns of a stopped jail are not queried, and the card says so', async () => {
  const { calls } = show(() => ({ failRegex: [], ignoreRegex: [], prefRegex: null }), false)
  expect(await screen.findByText('The jail is not running, so it has no active patterns.')).toBeVisible()
  expect(calls).toEqual([])
})

it('an error of the patterns query is shown', async () => {
  show(() => {
    throw new Refusal('jail_not_running', 'The jail does not run.')
  })
  expect(await screen.findByText('The patterns could not be loaded.')).toBeVisible()
})
