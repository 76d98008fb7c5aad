import { MemoryRouter, Route } from '@solidjs/router'
import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { LazyMenu } from './lazy-menu.tsx'

test('a menu item acts on the row that it was opened for, even if the row changes meanwhile', async () => {
  const user = userEvent.setup()
  const [address, setAddress] = createSignal('203.0.113.1')
  const unbanned: string[] = []
  const items = () => {
    const initial = address()
    return [{ label: `Unban ${initial}`, onSelect: () => void unbanned.push(initial) }]
  }
  render(() => (
    <MemoryRouter>
      <Route path="/" component={() => <LazyMenu label="What to do" trigger="…" items={items} />} />
    </MemoryRouter>
  ))
  await user.click(await screen.findByRole('button', { name: 'What to do' }))
  const item = await screen.findByRole('menuitem', { name: 'Unban 203.0.113.1' })
  setAddress('203.0.113.2')
  await user.click(item)
  await waitFor(() => expect(unbanned).toEqual(['203.0.113.1']))
  await user.click(screen.getByRole('button', { name: 'What to do' }))
  expect(await screen.findByRole('menuitem', { name: 'Unban 203.0.113.2' })).toBeVisible()
})
