import { screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import { type Input, openDialog, previewOf } from '../../test/ban-dialog.tsx'
import { banOf, jailOf, offlineStatus, runtimeOf } from '../../test/fixtures.ts'
import { dismissAllToasts } from '../ui/toast.tsx'
import { closeBanDialog, rememberJail } from './ban-dialog-state.ts'

afterEach(() => {
  closeBanDialog()
  rememberJail(undefined)
  dismissAllToasts()
})

describe('the ban dialog', () => {
  it('bans a pasted list, reports it, and undoes it', async () => {
    const { inside, inputs, user } = await openDialog({ jail: 'sshd' })
    await user.click(inside.getByRole('textbox', { name: 'Addresses and networks' }))
    await user.paste('203.0.113.7, 203.0.113.8\n198.51.100.0/24 # the whole lot')
    await user.type(inside.getByRole('textbox', { name: 'Reason' }), 'scans')
    await user.click(await inside.findByRole('button', { name: 'Ban 3 addresses' }))
    expect(await screen.findByText('3 addresses banned in sshd')).toBeVisible()
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
    expect(inputs('bans.ban')[0]).toMatchObject({
      jail: 'sshd',
      addresses: ['203.0.113.7', '203.0.113.8', '198.51.100.0/24'],
      reason: 'scans',
      force: false,
    })
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    const [sent] = inputs('bans.ban') as { operationId?: string }[]
    await waitFor(() => expect(inputs('operations.undo')).toEqual([{ id: sent?.operationId }]))
    expect(await screen.findByText('3 bans undone')).toBeVisible()
    expect(screen.getByText('1 address has been banned again since and stays banned.')).toBeVisible()
  })

  it('shows what will be refused and why, and bans it only with "Ban these anyway"', async () => {
    const { inside, inputs, user } = await openDialog(
      { addresses: ['192.0.2.1', '203.0.113.7'] },
      {
        procedures: {
          'bans.preview': (input) =>
            (input as Input).force
              ? previewOf(input)
              : previewOf(input, {
                  addresses: ['203.0.113.7'],
                  wouldBan: 1,
                  refused: [
                    { address: '192.0.2.1', reason: 'own_session', message: 'is the address you come from.' },
                  ],
                }),
        },
      },
    )
    expect(await inside.findByText('is the address you come from.')).toBeVisible()
    expect(inside.getByRole('button', { name: 'Ban 1 address' })).toBeVisible()
    await user.click(inside.getByRole('checkbox', { name: 'Ban these anyway' }))
    expect(inside.getByText('You may lock yourself out.')).toBeVisible()
    await user.click(await inside.findByRole('button', { name: 'Ban 2 addresses' }))
    await waitFor(() => expect(inputs('bans.ban')[0]).toMatchObject({ force: true }))
  })

  it('does not offer to ban an invalid entry anyway', async () => {
    const { inside } = await openDialog(
      { addresses: ['nonsense'] },
      {
        procedures: {
          'bans.preview': (input) =>
            previewOf(input, {
              addresses: [],
              wouldBan: 0,
              refused: [
                { address: 'nonsense', reason: 'invalid', message: 'Not a valid address or network.' },
              ],
            }),
        },
      },
    )
    expect(await inside.findByText('None of these addresses would be banned.')).toBeVisible()
    expect(inside.queryByRole('checkbox')).not.toBeInTheDocument()
    expect(inside.getByRole('button', { name: 'Ban' })).toHaveAttribute('aria-disabled', 'true')
  })

  it('shows which ban covers an address already, and still bans it', async () => {
    const some = [{ address: '203.0.113.7', by: banOf('203.0.113.0/24', { until: null }) }]
    const { inside, inputs, user } = await openDialog(
      { addresses: ['203.0.113.7'] },
      { procedures: { 'bans.preview': (input) => previewOf(input, { covered: { count: 3, some } }) } },
    )
    expect(await inside.findByText('and 2 more')).toBeVisible()
    const first = inside.getAllByRole('listitem')[0]
    expect(first).toHaveTextContent('203.0.113.7 is covered by the ban on 203.0.113.0/24 in sshd permanently')
    await user.click(inside.getByRole('button', { name: 'Ban 1 address' }))
    await waitFor(() => expect(inputs('bans.ban')).toHaveLength(1))
  })

  it('does not offer to ban a network of length 0 anyway', async () => {
    const refused = [
      { address: '0.0.0.0/0', reason: 'whole_family' as const, message: 'It cannot be banned.' },
    ]
    const { inside } = await openDialog(
      { addresses: ['0.0.0.0/0'] },
      {
        procedures: { 'bans.preview': (input) => previewOf(input, { addresses: [], wouldBan: 0, refused }) },
      },
    )
    expect(await inside.findByText('It cannot be banned.')).toBeVisible()
    expect(inside.queryByRole('checkbox')).not.toBeInTheDocument()
  })

  it('bans for a custom duration, and offers to set up the jail for longer bans', async () => {
    let ready = false
    const { inside, inputs, user } = await openDialog(
      { addresses: ['203.0.113.7'], jail: 'sshd' },
      {
        procedures: {
          'bans.preview': (input) => previewOf(input, { needsManualJail: !ready }),
          'bans.setUpManualJail': () => {
            ready = true
            return { applied: true, files: [], output: null }
          },
        },
      },
    )
    await user.click(inside.getByRole('radio', { name: 'Custom' }))
    await user.clear(inside.getByRole('textbox', { name: 'How many' }))
    await user.type(inside.getByRole('textbox', { name: 'How many' }), '2')
    await user.selectOptions(inside.getByRole('combobox', { name: 'Unit' }), 'weeks')
    await user.click(await inside.findByRole('button', { name: 'Set up the jail bangui' }))
    await waitFor(() =>
      expect(inside.queryByText('This jail does not ban for that long.')).not.toBeInTheDocument(),
    )
    await user.click(await inside.findByRole('button', { name: 'Ban 1 address' }))
    await waitFor(() => expect(inputs('bans.ban')[0]).toMatchObject({ duration: 1_209_600 }))
  })

  it('sends one request, however often one clicks', async () => {
    const answer = Promise.withResolvers<never>()
    const { inside, inputs } = await openDialog(
      { addresses: ['203.0.113.7'] },
      { procedures: { 'bans.ban': () => answer.promise } },
    )
    const button = await inside.findByRole('button', { name: 'Ban 1 address' })
    button.click()
    button.click()
    await waitFor(() => expect(inputs('bans.ban')).toHaveLength(1))
  })

  it('accepts a list of 5,000 with errors, and shows all errors step by step', async () => {
    const wrong = Array.from({ length: 700 }, (_, index) => `wrong-${index}`)
    const { inside, user } = await openDialog(
      {},
      {
        procedures: {
          'bans.preview': (input) =>
            previewOf(input, {
              wouldBan: 4300,
              addresses: [],
              refused: wrong.map((address) => ({
                address,
                reason: 'invalid',
                message: 'Not a valid address or network.',
              })),
            }),
        },
      },
    )
    const list = Array.from({ length: 4300 }, (_, index) => `203.${index >> 8}.${index & 255}.1`)
    await user.click(inside.getByRole('textbox', { name: 'Addresses and networks' }))
    await user.paste([...list, ...wrong, 'x'.repeat(5000)].join('\n'))
    const refused = within(await inside.findByRole('region', { name: 'What is not banned' }))
    expect(refused.getByText('700')).toBeVisible()
    expect(refused.getAllByRole('listitem')).toHaveLength(50)
    await user.click(refused.getByRole('button', { name: 'Show 500 more' }))
    await user.click(refused.getByRole('button', { name: 'Show 150 more' }))
    expect(refused.getAllByRole('listitem')).toHaveLength(700)
  })

  it('never chooses the jail for permanent bans by default', async () => {
    const { inside } = await openDialog({}, { jails: [jailOf('bangui', { bantime: -1 }), jailOf('sshd')] })
    expect(inside.getByRole('combobox', { name: 'Jail' })).toHaveValue('sshd')
  })

  it('begins with the likeliest running jail that does not ban permanently', async () => {
    const { inside } = await openDialog(
      { likely: ['off', 'gone', 'bangui', 'sshd', 'nginx'] },
      { jails: [jailOf('bangui', { bantime: -1 }), jailOf('nginx'), jailOf('sshd')] },
    )
    expect(inside.getByRole('combobox', { name: 'Jail' })).toHaveValue('sshd')
  })

  it('begins with the jail that was used last, else with the first', async () => {
    const { inside, user, unmount } = await openDialog({ addresses: ['203.0.113.7'] })
    expect(inside.getByRole('combobox', { name: 'Jail' })).toHaveValue('nginx')
    await user.selectOptions(inside.getByRole('combobox', { name: 'Jail' }), 'sshd')
    await user.click(await inside.findByRole('button', { name: 'Ban 1 address' }))
    await screen.findByText('1 address banned in sshd')
    unmount()
    const { inside: again } = await openDialog({ addresses: ['203.0.113.8'] })
    expect(again.getByRole('combobox', { name: 'Jail' })).toHaveValue('sshd')
  })

  it('shows the chosen kind of duration', async () => {
    const { inside } = await openDialog({})
    expect(inside.getByRole('group', { name: 'For how long' })).toBeVisible()
    expect(inside.getByText('For how long', { ignore: 'legend' })).toBeVisible()
  })

  it('offers running jails only, and no ban while fail2ban is down', async () => {
    const { inside } = await openDialog(
      { addresses: ['203.0.113.7'] },
      { runtime: runtimeOf({ serverStatus: offlineStatus }) },
    )
    const jails = within(inside.getByRole('combobox', { name: 'Jail' })).getAllByRole('option')
    expect(jails.map((option) => option.textContent)).toEqual(['nginx', 'sshd'])
    expect(await inside.findByRole('button', { name: 'Ban 1 address' })).toHaveAttribute(
      'data-tooltip',
      'fail2ban is not running',
    )
  })
})
