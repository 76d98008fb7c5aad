import type { JailFilter as Filter } from '@bangui/shared'
import { screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { QueryProvider } from '../../api/query-provider.tsx'
import { Refusal } from '../../../test/fake-api.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { JailFilter } from './jail-filter.tsx'

const show = (filter: () => Filter, runs = true) =>
  renderPage(
    () => (
      <QueryProvider>
        <JailFilter name="sshd" runs={runs} />
      </QueryProvider>
    ),
    { procedures: { 'jails.filter': filter } },
  )

const group = async (name: string) => within(await screen.findByRole('region', { name }))

it('shows what a line is matched with, and what is left out', async () => {
  show(() => ({ failRegex: ['^from <HOST>$'], ignoreRegex: ['^monitor$'], prefRegex: '^sshd: (.*)$' }))
  expect((await group('Only lines like this are looked at')).getByText('^sshd: (.*)$')).toBeVisible()
  expect((await group('A line like one of these is a failure')).getByText('^from <HOST>$')).toBeVisible()
  expect((await group('But not a line like one of these')).getByText('^monitor$')).toBeVisible()
})

it('shows a few of many until all are asked for', async () => {
  const user = userEvent.setup()
  show(() => ({
    failRegex: Array.from({ length: 30 }, (_, index) => `^failure ${index}$`),
    ignoreRegex: [],
    prefRegex: null,
  }))
  const failures = await group('A line like one of these is a failure')
  expect(failures.getAllByRole('listitem')).toHaveLength(8)
  await user.click(failures.getByRole('button', { name: 'Show 22 more' }))
  expect(failures.getAllByRole('listitem')).toHaveLength(30)
  expect(screen.queryByRole('region', { name: 'But not a line like one of these' })).toBeNull()
})

it('says that a jail without any never finds a failure', async () => {
  show(() => ({ failRegex: [], ignoreRegex: [], prefRegex: null }))
  expect(await screen.findByText('It has none: this jail never finds a failure.')).toBeVisible()
})

it('is not asked for of a jail that does not run, and says so', async () => {
  const { calls } = show(() => ({ failRegex: [], ignoreRegex: [], prefRegex: null }), false)
  expect(await screen.findByText('The jail does not run: fail2ban has none in force.')).toBeVisible()
  expect(calls).toEqual([])
})

it('says why it could not be asked for', async () => {
  show(() => {
    throw new Refusal('jail_not_running', 'The jail does not run.')
  })
  expect(await screen.findByText('What the jail looks for could not be loaded.')).toBeVisible()
})
