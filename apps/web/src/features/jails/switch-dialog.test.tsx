import type { SwitchPreview } from '@bangui/shared'
import { render, screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { type Procedures, Refusal } from '../../../test/fake-api.ts'
import { jailOf, pendingOf, runtimeOf } from '../../../test/fixtures.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { dismissAllToasts, ToastRegion } from '../../ui/toast.tsx'
import { JailsPage } from './jails-page.tsx'
import { noteSwitch } from './switch-state.ts'

afterEach(() => {
  noteSwitch(undefined)
  dismissAllToasts()
})

const previewOf = (over: Partial<SwitchPreview> = {}): SwitchPreview => ({
  name: 'gitea',
  enabled: true,
  already: false,
  refused: null,
  refusedReason: null,
  readOnly: false,
  files: [
    { path: '/etc/fail2ban/jail.d/zz-bangui.local', diff: '@@ -0,0 +1,2 @@\n+[gitea]\n+enabled = true\n' },
  ],
  bansEnding: 0,
  warnings: [],
  risks: [],
  confirmWithin: null,
  lockOut: null,
  ...over,
})

async function ask(button: string, procedures: Procedures) {
  const jails = [jailOf('gitea', { enabled: false, running: false }), jailOf('sshd', { currentlyBanned: 12 })]
  const page = renderPage(JailsPage, { jails, path: '/jails', procedures })
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: button }))
  const dialog = await screen.findByRole('dialog')
  return { ...page, user, dialog, inside: within(dialog) }
}

it('names why an activation can lock people out, how long it waits, and whom it would have banned', async () => {
  const found = {
    address: '192.0.2.7',
    jail: 'gitea',
    reason: 'failures',
    failures: 3,
    at: null,
    ssh: true,
  } as const
  const { inside } = await ask('Activate gitea', {
    'jails.preview': () =>
      previewOf({
        risks: [{ cause: 'all_ports', jails: ['gitea'] }],
        confirmWithin: 60,
        lockOut: { lockedOut: [{ ...found, users: ['anna'] }], addresses: 1, lines: 40, unknown: [] },
      }),
  })
  expect(await inside.findByText('This change can lock you out')).toBeVisible()
  expect(inside.getByText(/because gitea blocks every port\..*rolled back after 1 min/)).toBeVisible()
  expect(inside.getByRole('alert')).toHaveTextContent(
    /would have banned 192\.0\.2\.7, from which anna has signed in/,
  )
})

describe('switching a jail', () => {
  it('shows what will happen first: the file, its change, and that fail2ban tested it', async () => {
    const { inside, calls } = await ask('Activate gitea', { 'jails.preview': () => previewOf() })
    expect(await inside.findByText(/Tested on a copy/)).toBeVisible()
    expect(inside.getByText('/etc/fail2ban/jail.d/zz-bangui.local')).toBeVisible()
    expect(inside.getByRole('region', { name: /^Changes of/ })).toHaveTextContent('+enabled = true')
    expect(calls).toEqual(['jails.preview {"name":"gitea","enabled":true}'])
  })

  it("shows fail2ban's own output when it refuses, and only a Close button", async () => {
    const { dialog, inside, user } = await ask('Activate gitea', {
      'jails.preview': () =>
        previewOf({
          refused: 'Unable to compile regular expression',
          refusedReason: 'config_refused',
          files: [],
        }),
    })
    expect(await inside.findByText('Unable to compile regular expression')).toBeVisible()
    expect(inside.queryByRole('button', { name: /Activate/ })).toBeNull()
    const close = inside.getAllByRole('button', { name: 'Close' })
    await user.click(close.at(-1)!)
    await waitFor(() => expect(dialog).not.toBeInTheDocument())
  })

  it('says that BanGUI cannot write the files, without blaming fail2ban', async () => {
    const { inside } = await ask('Activate gitea', {
      'jails.preview': () =>
        previewOf({
          refused: 'BanGUI cannot write to the folder /etc/fail2ban/jail.d (EACCES).',
          refusedReason: 'config_unwritable',
          files: [],
        }),
    })
    expect(await inside.findByText(/BanGUI cannot write the files/)).toBeVisible()
    expect(inside.getByText(/cannot write to the folder/)).toBeVisible()
    expect(inside.queryByText(/fail2ban would refuse/)).toBeNull()
    expect(inside.queryByRole('button', { name: /Activate/ })).toBeNull()
  })

  it('shows what would change, but no button, if the configuration is read-only', async () => {
    const { inside } = await ask('Activate gitea', { 'jails.preview': () => previewOf({ readOnly: true }) })
    expect(await inside.findByText(/read-only for BanGUI/)).toBeVisible()
    expect(inside.getByRole('region', { name: /^Changes of/ })).toHaveTextContent('+enabled = true')
    expect(inside.queryByRole('button', { name: /Activate/ })).toBeNull()
  })

  it('names the bans that end and the warnings', async () => {
    const { inside } = await ask('Deactivate sshd', {
      'jails.preview': () =>
        previewOf({
          name: 'sshd',
          enabled: false,
          bansEnding: 12,
          warnings: ['Another jail, x, is broken.'],
        }),
    })
    expect(await inside.findByText('12 bans')).toBeVisible()
    expect(inside.getByText('Another jail, x, is broken.')).toBeVisible()
  })

  it('switches, says that fail2ban is observed, and undoes it', async () => {
    const { inside, user, dialog, calls } = await ask('Activate gitea', {
      'jails.preview': () => previewOf(),
      'jails.activate': () => ({ applied: true, files: ['x'], output: null }),
      'operations.undo': () => ({
        restored: 1,
        over: 0,
        already: 0,
        refused: [],
        shortened: [],
        files: ['zz-bangui.local'],
      }),
    })
    await user.click(await inside.findByRole('button', { name: 'Activate gitea' }))
    await waitFor(() => expect(dialog).not.toBeInTheDocument())
    const sent = calls.find((call) => call.startsWith('jails.activate ')) ?? ''
    const { name, operationId } = JSON.parse(sent.slice('jails.activate '.length)) as Record<string, string>
    expect([name, operationId]).toEqual(['gitea', expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(await screen.findByText(/watches fail2ban for 60 seconds/)).toBeVisible()
    render(() => <ToastRegion />)
    await user.click(await screen.findByRole('button', { name: 'Undo', hidden: true }))
    expect(await screen.findByText('gitea is as it was before')).toBeVisible()
    expect(calls).toContain(`operations.undo {"id":"${operationId}"}`)
  })

  it.each([
    ['says so', {}, 1],
    ['says nothing of success where fail2ban ended by it', { pendingRecovery: pendingOf({}) }, 0],
  ] as const)('%s', async (_title, runtime, toasts) => {
    const { inside, user, dialog, sendRuntime } = await ask('Activate gitea', {
      'jails.preview': () => previewOf(),
      'jails.activate': () => {
        sendRuntime(runtimeOf({ revision: 9, ...runtime }))
        return { applied: true, files: ['x'], output: null }
      },
    })
    render(() => <ToastRegion />)
    await user.click(await inside.findByRole('button', { name: 'Activate gitea' }))
    await waitFor(() => expect(dialog).not.toBeInTheDocument())
    expect(screen.queryAllByText('gitea was activated')).toHaveLength(toasts)
  })

  it('shows the output of fail2ban when the change was undone automatically', async () => {
    const { inside, user } = await ask('Activate gitea', {
      'jails.preview': () => previewOf(),
      'jails.activate': () => ({ applied: false, files: [], output: 'NOK: no such action' }),
    })
    await user.click(await inside.findByRole('button', { name: 'Activate gitea' }))
    expect(await inside.findByText('NOK: no such action')).toBeVisible()
    expect(inside.queryByRole('button', { name: /Activate/ })).toBeNull()
  })

  it('closes where fail2ban ended in the load, since the banner of the recovery says so', async () => {
    const { inside, user, dialog } = await ask('Activate gitea', {
      'jails.preview': () => previewOf(),
      'jails.activate': () => ({ applied: false, crashed: true, files: ['x'], output: 'fail2ban ended' }),
    })
    render(() => <ToastRegion />)
    await user.click(await inside.findByRole('button', { name: 'Activate gitea' }))
    await waitFor(() => expect(dialog).not.toBeInTheDocument())
    expect(screen.queryByText('gitea was activated')).toBeNull()
  })

  it('shows why the server refused', async () => {
    const { inside, user } = await ask('Activate gitea', {
      'jails.preview': () => previewOf(),
      'jails.activate': () => {
        throw new Refusal('busy', 'Another change is under way.')
      },
    })
    await user.click(await inside.findByRole('button', { name: 'Activate gitea' }))
    expect(await inside.findByText('Another change is under way.')).toBeVisible()
  })

  it('offers to try again when the preview could not be loaded', async () => {
    let failing = true
    const { inside, user } = await ask('Activate gitea', {
      'jails.preview': () => {
        if (failing) throw new Refusal('config_unreadable', 'The configuration cannot be read.')
        return previewOf()
      },
    })
    expect(await inside.findByText('The configuration cannot be read.')).toBeVisible()
    failing = false
    await user.click(inside.getByRole('button', { name: 'Try again' }))
    expect(await inside.findByText(/Tested on a copy/)).toBeVisible()
  })
})
