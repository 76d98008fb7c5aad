import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

function Example(props: { locked?: boolean }) {
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>Deactivate</Button>
      <Dialog
        open={open()}
        onOpenChange={setOpen}
        locked={props.locked}
        title="Deactivate sshd?"
        description="Ends 42 bans."
        footer={<Button onClick={() => setOpen(false)}>Cancel</Button>}
      />
    </>
  )
}

test('a dialog has a name, takes the focus and returns it when Escape closes it', async () => {
  const user = userEvent.setup()
  render(() => <Example />)
  await user.click(screen.getByRole('button', { name: 'Deactivate' }))
  const dialog = await screen.findByRole('dialog', { name: 'Deactivate sshd?' })
  expect(dialog).toHaveAccessibleDescription('Ends 42 bans.')
  await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await waitFor(() => expect(screen.getByRole('button', { name: 'Deactivate' })).toHaveFocus())
})

test('a dialog keeps the focus inside however often Tab is pressed', async () => {
  const user = userEvent.setup()
  render(() => <Example />)
  await user.click(screen.getByRole('button', { name: 'Deactivate' }))
  const dialog = await screen.findByRole('dialog')
  await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement))
  for (let presses = 0; presses < 6; presses += 1) {
    await user.tab()
    expect(dialog).toContainElement(document.activeElement as HTMLElement)
  }
})

test('a locked dialog stays open, whatever is pressed', async () => {
  const user = userEvent.setup()
  render(() => <Example locked />)
  await user.click(screen.getByRole('button', { name: 'Deactivate' }))
  await screen.findByRole('dialog')
  await user.keyboard('{Escape}')
  expect(screen.getByRole('dialog')).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Close' })).toBeNull()
})

test('a confirmation focuses its safe answer first', async () => {
  render(() => (
    <Dialog
      open
      role="alertdialog"
      onOpenChange={() => undefined}
      title="Stop sshd?"
      footer={
        <>
          <Button>Cancel</Button>
          <Button>Stop sshd</Button>
        </>
      }
    />
  ))
  await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus())
})
