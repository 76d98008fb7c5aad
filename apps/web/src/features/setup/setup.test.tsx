import type { CompleteSetupInput, ServerStatus } from '@bangui/shared'
import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { refusal } from '../../test-refusal.ts'
import { AccountStep } from './account-step.tsx'
import { ConnectionStep, type Look } from './connection-step.tsx'
import { DoneStep, type DoneStepProps } from './done-step.tsx'
import { takeSetupToken } from './setup-token.ts'

const password = 'several unrelated words'
type Complete = (input: CompleteSetupInput) => Promise<void>

afterEach(() => history.replaceState(null, '', '/'))

test('the setup token is removed from the URL', () => {
  history.replaceState(null, '', '/setup?x=1#abc%2Bdef')
  expect(takeSetupToken()).toBe('abc+def')
  expect(location.pathname + location.search + location.hash).toBe('/setup?x=1')
  expect(takeSetupToken()).toBeUndefined()
})

test('with a token from the link, setup asks for the account only', async () => {
  const user = userEvent.setup()
  const complete = vi.fn<Complete>(() => Promise.resolve())
  render(() => <AccountStep token="abc" complete={complete} />)
  expect(screen.queryByLabelText('Setup token')).toBeNull()
  await user.type(screen.getByLabelText('User name'), ' ann ')
  await user.type(screen.getByLabelText('Password'), `${password}{Enter}`)
  expect(complete).toHaveBeenCalledWith({ token: 'abc', username: 'ann', password })
})

test('without a token, setup says where it is, and sends nothing until all fields are filled in', async () => {
  const user = userEvent.setup()
  const complete = vi.fn<Complete>(() => Promise.resolve())
  render(() => <AccountStep token={undefined} complete={complete} />)
  expect(screen.getByLabelText('Setup token')).toHaveAccessibleDescription(/file setup-token/)
  await user.type(screen.getByLabelText('Password'), 'short{Enter}')
  expect(complete).not.toHaveBeenCalled()
  expect(screen.getByLabelText('Setup token')).toBeInvalid()
  await waitFor(() => expect(screen.getByLabelText('Setup token')).toHaveFocus())
  expect(screen.getByLabelText('User name')).toBeInvalid()
  expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(/at least 10 characters/)
})

test("a setup token that the server refuses is asked for again, with the server's reason", async () => {
  const user = userEvent.setup()
  const error = refusal('setup_token_invalid', 'The setup token is wrong.')
  render(() => <AccountStep token="stale" complete={() => Promise.reject(error)} />)
  await user.type(screen.getByLabelText('User name'), 'ann')
  await user.type(screen.getByLabelText('Password'), `${password}{Enter}`)
  expect(await screen.findByLabelText('Setup token')).toHaveAccessibleDescription(/is wrong/)
})

test('any other error of the setup is shown above the form', async () => {
  const user = userEvent.setup()
  const error = refusal('setup_complete', 'Setup is already complete. Sign in instead.')
  render(() => <AccountStep token="abc" complete={() => Promise.reject(error)} />)
  await user.type(screen.getByLabelText('User name'), 'ann')
  await user.type(screen.getByLabelText('Password'), `${password}{Enter}`)
  expect(await screen.findByRole('alert')).toHaveTextContent('Sign in instead.')
})

const status = (reason: ServerStatus['reason']): ServerStatus => ({
  online: reason === null,
  responding: reason === null,
  activity: null,
  version: null,
  activeJails: 0,
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  reason,
  message: null,
  checkedAt: 1,
})

test.each([
  ['socket_missing', /is not running/],
  ['permission_denied', /has no access/],
  ['refused', /is down/],
] as const)(
  'the setup shows what is wrong if it finds %s, and the command that helps',
  async (reason, title) => {
    const found = { status: status(reason), commands: ['sudo the-command'] }
    render(() => <ConnectionStep probe={() => Promise.resolve(found)} skip={() => {}} />)
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(title)
    expect(screen.getByText('sudo the-command')).toBeInTheDocument()
  },
)

test('the setup can look for fail2ban again, and continue without it', async () => {
  const user = userEvent.setup()
  const probe = vi.fn<() => Promise<Look>>(() =>
    Promise.resolve({ status: status('socket_missing'), commands: [] }),
  )
  const skip = vi.fn<() => void>()
  render(() => <ConnectionStep probe={probe} skip={skip} />)
  await screen.findByRole('alert')
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Check again' })).not.toHaveAttribute('aria-busy'),
  )
  await user.click(screen.getByRole('button', { name: 'Check again' }))
  expect(probe).toHaveBeenCalledTimes(2)
  await user.click(screen.getByRole('button', { name: 'Continue without fail2ban' }))
  expect(skip).toHaveBeenCalledOnce()
})

test('the setup reports if the overview cannot be opened, and tries again', async () => {
  const user = userEvent.setup()
  const enter = vi.fn<() => Promise<void>>()
  enter.mockRejectedValueOnce(refusal('internal', 'The server restarts.')).mockResolvedValueOnce(undefined)
  render(() => (
    <DoneStep status={status(null)} jails={[]} visitor={undefined} allow={vi.fn()} enter={enter} />
  ))
  await user.click(screen.getByRole('button', { name: 'Open the overview' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('The server restarts.')
  await user.click(screen.getByRole('button', { name: 'Open the overview' }))
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  expect(enter).toHaveBeenCalledTimes(2)
})

test('the setup offers to put the visitor on the allow list, and says how that went', async () => {
  const user = userEvent.setup()
  const added = { id: 1, covered: 0, unbanned: 0, jails: ['sshd'], lasts: true, problems: [] }
  const allow = vi.fn<DoneStepProps['allow']>()
  allow.mockRejectedValueOnce(refusal('busy', 'Another change is in progress.')).mockResolvedValueOnce(added)
  render(() => (
    <DoneStep status={status(null)} jails={[]} visitor="198.51.100.7" allow={allow} enter={vi.fn()} />
  ))
  await user.click(screen.getByRole('button', { name: 'This is you: add it' }))
  expect(await screen.findByText('Another change is in progress.')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'This is you: add it' }))
  expect(await screen.findByText('198.51.100.7 is never banned')).toBeVisible()
  expect(allow).toHaveBeenLastCalledWith('198.51.100.7')
})
