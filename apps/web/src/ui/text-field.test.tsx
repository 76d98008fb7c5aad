import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { expect, test, vi } from 'vitest'
import { TextField } from './text-field.tsx'

test('a text field is connected with its description and its error', () => {
  render(() => (
    <TextField label="Password" value="" onChange={() => {}} description="At least 10." error="Too short." />
  ))
  const input = screen.getByLabelText('Password')
  expect(input).toHaveAccessibleDescription('At least 10. Too short.')
  expect(input).toBeInvalid()
})

test('a password field can be shown and hidden again', async () => {
  const user = userEvent.setup()
  render(() => <TextField label="Password" type="password" value="secret" onChange={() => {}} />)
  const input = screen.getByLabelText('Password')
  const reveal = screen.getByRole('button', { name: 'Show password' })
  expect(input).toHaveAttribute('type', 'password')
  await user.click(reveal)
  expect(input).toHaveAttribute('type', 'text')
  expect(reveal).toHaveAttribute('aria-pressed', 'true')
  await user.click(reveal)
  expect(input).toHaveAttribute('type', 'password')
})

test('a text field reports each change of its text', async () => {
  const user = userEvent.setup()
  const onChange = vi.fn<(value: string) => void>()
  const [value, setValue] = createSignal('')
  render(() => (
    <TextField
      label="Name"
      value={value()}
      onChange={(next) => {
        setValue(next)
        onChange(next)
      }}
    />
  ))
  await user.type(screen.getByLabelText('Name'), 'ann')
  expect(onChange.mock.calls.map(([text]) => text)).toEqual(['a', 'an', 'ann'])
})
