import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { refusal } from '../../test-refusal.ts'
import { SignInForm } from './sign-in-page.tsx'

const fill = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.type(screen.getByLabelText('User name'), 'ann')
  await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}')
}

test('sign-in sends what was typed, and its fields are known to password managers', async () => {
  const user = userEvent.setup()
  const signIn = vi.fn<(input: object) => Promise<void>>(() => Promise.resolve())
  render(() => <SignInForm signIn={signIn} />)
  await fill(user)
  expect(signIn).toHaveBeenCalledWith({ username: 'ann', password: 'correct horse' })
  expect(screen.getByLabelText('User name')).toHaveAttribute('autocomplete', 'username')
  expect(screen.getByLabelText('Password')).toHaveAttribute('autocomplete', 'current-password')
})

test('sign-in shows a wrong password beside the form, and selects the password', async () => {
  const user = userEvent.setup()
  render(() => (
    <SignInForm signIn={() => Promise.reject(refusal('login_failed', 'Incorrect user name or password.'))} />
  ))
  await fill(user)
  expect(await screen.findByRole('alert')).toHaveTextContent('Incorrect user name or password.')
  const password = screen.getByLabelText<HTMLInputElement>('Password')
  expect(password.value.slice(password.selectionStart ?? 0, password.selectionEnd ?? 0)).toBe('correct horse')
  expect(screen.getByRole('button', { name: 'Sign in' })).toBeEnabled()
})

test('after too many attempts, sign-in counts down, refuses to send, and then allows it', async () => {
  const user = userEvent.setup()
  const signIn = vi.fn<() => Promise<void>>(() =>
    Promise.reject(refusal('login_throttled', 'Too many failed attempts.', { params: { seconds: 2 } })),
  )
  render(() => <SignInForm signIn={signIn} />)
  await fill(user)
  expect(await screen.findByRole('alert')).toHaveTextContent('Too many failed attempts.')
  expect(screen.getByRole('button', { name: /Try again in [12] second/ })).toBeDisabled()
  await user.type(screen.getByLabelText('Password'), '{Enter}')
  expect(signIn).toHaveBeenCalledOnce()
  await waitFor(() => expect(screen.getByRole('button', { name: 'Sign in' })).toBeEnabled())
  expect(screen.queryByRole('alert')).toBeNull()
})

test('sign-in shows what is wrong with a field at the field', async () => {
  const user = userEvent.setup()
  const error = refusal('invalid_input', 'Some of the input is not valid.', {
    fieldErrors: { username: ['Enter your user name.'] },
  })
  render(() => <SignInForm signIn={() => Promise.reject(error)} />)
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  await waitFor(() =>
    expect(screen.getByLabelText('User name')).toHaveAccessibleDescription('Enter your user name.'),
  )
})
