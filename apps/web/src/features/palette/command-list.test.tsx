import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { CommandList } from './command-list.tsx'

const commands = ['Overview', 'Jails', 'Settings'].map((label) => ({
  id: label,
  group: 'Go to',
  label,
  run: () => {},
}))

test('arrow keys choose a command of the palette in a circle, and Enter runs it', async () => {
  const user = userEvent.setup()
  const onRun = vi.fn<(command: { label: string }) => void>()
  render(() => <CommandList commands={commands} onRun={onRun} />)
  const field = screen.getByRole('combobox')
  const chosen = () => screen.getByRole('option', { selected: true })
  field.focus()
  expect(chosen()).toHaveTextContent('Overview')
  await user.keyboard('{ArrowUp}')
  expect(chosen()).toHaveTextContent('Settings')
  expect(field).toHaveAttribute('aria-activedescendant', chosen().id)
  await user.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(onRun.mock.calls[0]?.[0].label).toBe('Jails')
})

test('typing filters the commands and chooses the best one', async () => {
  const user = userEvent.setup()
  const onRun = vi.fn<(command: { label: string }) => void>()
  render(() => <CommandList commands={commands} onRun={onRun} />)
  await user.type(screen.getByRole('combobox'), 'sett{Enter}')
  expect(screen.getAllByRole('option')).toHaveLength(1)
  expect(onRun.mock.calls[0]?.[0].label).toBe('Settings')
})

test('the palette says that nothing matches, and Enter does nothing then', async () => {
  const user = userEvent.setup()
  const onRun = vi.fn<() => void>()
  render(() => <CommandList commands={commands} onRun={onRun} />)
  await user.type(screen.getByRole('combobox'), 'zzz{Enter}')
  expect(screen.getByText('No results for “zzz”.')).toBeInTheDocument()
  expect(onRun).not.toHaveBeenCalled()
})

test('suggested searches come after matching commands, and first if none matches', async () => {
  const user = userEvent.setup()
  const onRun = vi.fn<(command: { label: string }) => void>()
  const suggest = (typed: string) =>
    typed === '' ? [] : [{ id: 'search', group: 'Search', label: `Search for ${typed}`, run: () => {} }]
  render(() => <CommandList commands={commands} suggest={suggest} onRun={onRun} />)
  const field = screen.getByRole('combobox')
  await user.type(field, 'jai')
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual([
    'JailsGo to',
    'Search for jaiSearch',
  ])
  await user.type(field, 'zz{Enter}')
  expect(onRun.mock.calls[0]?.[0].label).toBe('Search for jaizz')
})
