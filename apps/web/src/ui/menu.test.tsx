import { MemoryRouter, Route } from '@solidjs/router'
import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { Dialog } from './dialog.tsx'
import { Menu } from './menu.tsx'

function Example() {
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <Menu
        label="Actions for sshd"
        trigger="…"
        items={[
          { label: 'Settings', href: '/settings' },
          { label: 'Reload', disabled: true },
          { label: 'Deactivate', onSelect: () => setOpen(true) },
        ]}
      />
      <Dialog open={open()} onOpenChange={setOpen} title="Deactivate sshd?" />
    </>
  )
}

const renderExample = () =>
  render(() => (
    <MemoryRouter>
      <Route path="/" component={Example} />
      <Route path="/settings" component={() => <h1>Settings page</h1>} />
    </MemoryRouter>
  ))

test('a dialog that a menu opened returns the focus to the button of the menu', async () => {
  const user = userEvent.setup()
  renderExample()
  const button = await screen.findByRole('button', { name: 'Actions for sshd' })
  button.focus()
  await user.keyboard('{Enter}')
  await screen.findByRole('menu')
  await user.click(screen.getByRole('menuitem', { name: 'Deactivate' }))
  await screen.findByRole('dialog', { name: 'Deactivate sshd?' })
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await waitFor(() => expect(button).toHaveFocus())
})

test('a menu item with a path opens that page', async () => {
  const user = userEvent.setup()
  renderExample()
  await user.click(await screen.findByRole('button', { name: 'Actions for sshd' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Settings' }))
  expect(await screen.findByRole('heading', { name: 'Settings page' })).toBeInTheDocument()
})

test('Escape closes a menu and runs nothing', async () => {
  const user = userEvent.setup()
  renderExample()
  const button = await screen.findByRole('button', { name: 'Actions for sshd' })
  await user.click(button)
  await screen.findByRole('menu')
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull())
  expect(screen.queryByRole('dialog')).toBeNull()
  await waitFor(() => expect(button).toHaveFocus())
})
