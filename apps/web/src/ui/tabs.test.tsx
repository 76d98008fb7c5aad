import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { Tabs } from './tabs.tsx'

test('arrows, Home and End move between the tabs and show their panels', async () => {
  const user = userEvent.setup()
  const [value, setValue] = createSignal<'now' | 'bans' | 'log'>('now')
  render(() => (
    <Tabs
      label="Jail"
      value={value()}
      onChange={setValue}
      tabs={[
        { value: 'now', label: 'Now', content: () => 'Recent events' },
        { value: 'bans', label: 'Bans', content: () => 'Who is banned' },
        { value: 'log', label: 'Log', content: () => 'Lines' },
      ]}
    />
  ))
  await user.tab()
  expect(screen.getByRole('tab', { name: 'Now' })).toHaveFocus()
  await user.keyboard('{ArrowRight}')
  expect(screen.getByRole('tabpanel', { name: 'Bans' })).toHaveTextContent('Who is banned')
  await user.keyboard('{End}')
  expect(screen.getByRole('tab', { name: 'Log' })).toHaveFocus()
  await user.keyboard('{ArrowRight}')
  expect(screen.getByRole('tab', { name: 'Now', selected: true })).toHaveFocus()
  await user.keyboard('{ArrowLeft}{Home}')
  expect(screen.getByRole('tab', { name: 'Now' })).toHaveFocus()
})
