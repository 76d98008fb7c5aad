import { cleanup, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import { openDialog } from '../../test/ban-dialog.tsx'
import { Refusal } from '../../test/fake-api.ts'
import { jailOf } from '../../test/fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { useSession } from '../auth/session.tsx'
import { dismissAllToasts } from '../ui/toast.tsx'
import { BanDialogHost } from '../features/bans/ban-dialog-host.tsx'
import { closeBanDialog } from './ban-dialog-state.ts'

afterEach(() => {
  closeBanDialog()
  dismissAllToasts()
})

describe('the draft of a ban', () => {
  it('is kept when the server refuses', async () => {
    const { inside, user } = await openDialog(
      { addresses: ['203.0.113.7'] },
      {
        procedures: {
          'bans.ban': () => {
            throw new Refusal('daemon_offline', 'fail2ban went away.')
          },
        },
      },
    )
    await user.click(await inside.findByRole('button', { name: 'Ban 1 address' }))
    expect(await inside.findByText('fail2ban went away.')).toBeVisible()
    expect(inside.getByRole('textbox', { name: 'Addresses and networks' })).toHaveValue('203.0.113.7')
  })

  it('is kept when the dialog is closed while it bans, and opens again after an error', async () => {
    const answer = Promise.withResolvers<never>()
    const { inside, user } = await openDialog(
      { jail: 'sshd' },
      { procedures: { 'bans.ban': () => answer.promise } },
    )
    await user.click(inside.getByRole('textbox', { name: 'Addresses and networks' }))
    await user.paste('203.0.113.7\n203.0.113.8 # twice')
    await user.type(inside.getByRole('textbox', { name: 'Reason' }), 'scans')
    await user.click(await inside.findByRole('button', { name: 'Ban 2 addresses' }))
    await user.click(await inside.findByRole('button', { name: 'Continue in the background' }))
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
    answer.reject(new Refusal('daemon_offline', 'fail2ban went away.'))
    expect(await screen.findByText('fail2ban went away.')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Reopen the form' }))
    const again = within(await screen.findByRole('dialog', { name: 'Ban addresses' }))
    expect(again.getByRole('textbox', { name: 'Addresses and networks' })).toHaveValue(
      '203.0.113.7\n203.0.113.8 # twice',
    )
    expect(again.getByRole('textbox', { name: 'Reason' })).toHaveValue('scans')
    expect(again.getByRole('combobox', { name: 'Jail' })).toHaveValue('sshd')
  })

  it('can be restored after the dialog was closed by mistake', async () => {
    const { inside, user, inputs } = await openDialog({})
    await user.click(inside.getByRole('textbox', { name: 'Addresses and networks' }))
    await user.paste('203.0.113.7')
    await user.keyboard('{Escape}')
    await user.click(await screen.findByRole('button', { name: 'Reopen the form' }))
    const again = within(await screen.findByRole('dialog', { name: 'Ban addresses' }))
    await user.click(await again.findByRole('button', { name: 'Ban 1 address' }))
    await waitFor(() => expect(inputs('bans.ban')).toHaveLength(1))
  })

  it('is kept when the whole page is removed in the meantime', async () => {
    const { inside, user } = await openDialog({ jail: 'sshd' })
    await user.type(inside.getByRole('textbox', { name: 'Reason' }), 'scans')
    await user.click(inside.getByRole('textbox', { name: 'Addresses and networks' }))
    await user.paste('203.0.113.7')
    cleanup()
    renderPage(BanDialogHost, { jails: [jailOf('sshd')] })
    const again = within(await screen.findByRole('dialog', { name: 'Ban addresses' }))
    expect(again.getByRole('textbox', { name: 'Addresses and networks' })).toHaveValue('203.0.113.7')
    expect(again.getByRole('textbox', { name: 'Reason' })).toHaveValue('scans')
  })

  it('is not shown to a user who may not ban', async () => {
    await openDialog({ addresses: ['203.0.113.7'] })
    cleanup()
    const Name = () => <p>{useSession().user()?.name}</p>
    const both = () => (
      <>
        <BanDialogHost />
        <Name />
      </>
    )
    renderPage(both, { jails: [jailOf('sshd')], user: { name: 'eve', role: 'viewer' } })
    await screen.findByText('eve')
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
  })

  it('keeps the addresses that a cancelled ban did not reach', async () => {
    const { inside, user } = await openDialog(
      { addresses: ['203.0.113.7', '203.0.113.8'] },
      {
        procedures: {
          'bans.ban': () => ({
            banned: 1,
            already: 0,
            refused: [{ address: '203.0.113.8', reason: 'cancelled', message: 'It was cancelled.' }],
            jail: 'nginx',
          }),
        },
      },
    )
    await user.click(await inside.findByRole('button', { name: 'Ban 2 addresses' }))
    expect(await inside.findByText('1 address banned, 1 not.')).toBeVisible()
    expect(inside.getByRole('textbox', { name: 'Addresses and networks' })).toHaveValue('203.0.113.8')
  })

  it('keeps the chosen jail visible when that jail stops', async () => {
    const { inside, live } = await openDialog({ addresses: ['203.0.113.7'], jail: 'sshd' })
    live.send({ type: 'jails', host: 'local', jails: [jailOf('nginx'), jailOf('sshd', { running: false })] })
    await waitFor(() =>
      expect(inside.getByRole('combobox', { name: 'Jail' })).toHaveDisplayValue('sshd (not running)'),
    )
  })
})
