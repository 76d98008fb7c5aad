import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { Button } from './button.tsx'

test('a loading button keeps the focus and ignores clicks', async () => {
  const user = userEvent.setup()
  const onClick = vi.fn<() => void>()
  render(() => (
    <Button loading onClick={onClick}>
      Save
    </Button>
  ))
  const button = screen.getByRole('button', { name: 'Save' })
  await user.click(button)
  expect(onClick).not.toHaveBeenCalled()
  expect(button).toHaveFocus()
  expect(button).toHaveAttribute('aria-busy', 'true')
})

test('a loading button does not submit', async () => {
  const user = userEvent.setup()
  const onSubmit = vi.fn<(event: Event) => void>((event) => event.preventDefault())
  render(() => (
    <form onSubmit={onSubmit}>
      <Button type="submit" loading>
        Save
      </Button>
    </form>
  ))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  expect(onSubmit).not.toHaveBeenCalled()
})
