import type { ConfigConfirmed, UnconfirmedChange } from '@bangui/shared'
import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { runtimeOf, T0 } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { ConfirmationBanner } from './confirmation-banner.tsx'

const change: UnconfirmedChange = {
  id: '6f2c1b2e-0000-4000-8000-000000000000',
  title: 'Changing jail s\u202eshd',
  by: 'admin',
  appliedAt: T0,
  confirmBy: T0 + 60_000,
  risks: [{ cause: 'ports', jails: ['sshd'] }],
  confirmations: 0,
}

const answer = (over: Partial<ConfigConfirmed>): ConfigConfirmed => ({
  kept: false,
  counted: true,
  nextInMs: null,
  own: true,
  throughProxy: false,
  ...over,
})

function show(over: Partial<UnconfirmedChange>, answers: ConfigConfirmed[], options: PageOptions = {}) {
  const page = renderPage(ConfirmationBanner, {
    runtime: runtimeOf({ unconfirmedChange: { ...change, ...over } }),
    procedures: {
      'config.confirm': () => answers.shift() ?? answer({}),
      'recovery.rollback': () => ({ restored: [], started: false, online: true, output: null }),
    },
    ...options,
  })
  const confirms = () => page.calls.filter((call) => call.startsWith('config.confirm'))
  return { ...page, confirms, user: userEvent.setup() }
}

describe('the notice about a change that waits', () => {
  it('confirms the change by itself, again over a new connection, and when the server says', async () => {
    const page = show({}, [
      answer({ counted: false, nextInMs: 0 }),
      answer({ nextInMs: 1 }),
      answer({ kept: true, nextInMs: null }),
    ])
    await screen.findByText('A change is waiting to be confirmed: Changing jail s\\u{202e}shd')
    expect(screen.getByRole('status').textContent).toContain('because it changes the ports of sshd')
    await waitFor(() => expect(page.confirms()).toHaveLength(3))
  })

  it('says that a proxy stands between', async () => {
    show({}, [answer({ throughProxy: true })])
    expect(await screen.findByText(/only that the proxy reaches BanGUI/)).toBeDefined()
  })

  it('of somebody else is only shown, and kept or rolled back by hand', async () => {
    const page = show({ by: 'Bob' }, [])
    expect((await screen.findByRole('status')).textContent).toContain('Bob applied it')
    expect(page.confirms()).toEqual([])
    await page.user.click(await screen.findByRole('button', { name: 'Keep' }))
    await waitFor(() => expect(page.confirms()).toEqual([expect.stringContaining('"keep":true')]))
    await page.user.click(screen.getByRole('button', { name: 'Roll back now' }))
    await waitFor(() => expect(page.calls).toContainEqual(expect.stringContaining('recovery.rollback')))
  })

  it('of another session of the same user is left to that session', async () => {
    const page = show({}, [answer({ own: false, counted: false })])
    await waitFor(() => expect(page.confirms()).toHaveLength(1))
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('admin applied it'))
    expect(page.confirms()).toHaveLength(1)
  })

  it('has no buttons for a viewer', async () => {
    show({ by: 'Bob' }, [], { user: { name: 'eve', role: 'viewer' } })
    await screen.findByRole('status')
    expect(screen.queryAllByRole('button')).toEqual([])
  })
})
