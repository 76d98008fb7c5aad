import type { JailDetail, SettingsPreview } from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { banOf, jailOf, offlineStatus, runtimeOf, T0 } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { dismissAllToasts, ToastRegion } from '../../ui/toast.tsx'
import { JailPage } from './jail-page.tsx'

const sshd = jailOf('sshd', { currentlyBanned: 12 })
const detail: JailDetail = {
  ...sshd,
  configured: { bantime: 600, findtime: 600, maxretry: 4 },
  settings: [
    { key: 'maxretry', value: '4', file: '/etc/fail2ban/jail.local', line: 7, hidden: false },
    { key: 'logpath', value: '/var/log/auth.log', file: null, line: null, hidden: false },
    { key: 'banaction', value: 'nftables', file: null, line: null, hidden: false },
  ],
}
const tuning = { bantime: 600, findtime: 3600, maxretry: 5, ignored: ['127.0.0.1'] }

const preview: SettingsPreview = {
  name: 'sshd',
  already: false,
  refused: null,
  refusedReason: null,
  readOnly: false,
  files: [
    { path: '/etc/fail2ban/jail.d/zz-bangui.local', diff: '@@ -0,0 +1,2 @@\n+[sshd]\n+maxretry = 3\n' },
  ],
  loads: true,
  changes: [
    { key: 'maxretry', now: '5', after: '3', kind: 'asked' },
    { key: 'bantime', now: '7200', after: '600', kind: 'temporary' },
    { key: 'ignoreip', now: '192.0.2.1', after: null, kind: 'temporary' },
    { key: 'usedns', now: 'warn', after: 'no', kind: 'lost' },
  ],
  warnings: [],
  risks: [],
  confirmWithin: null,
  lockOut: null,
}

const filter = { failRegex: ['^Failed login from <HOST>$'], ignoreRegex: [], prefRegex: null }

async function show(options: PageOptions = {}) {
  const done = { applied: true, files: [], output: null }
  const page = renderPage(
    () => (
      <>
        <JailPage />
        <ToastRegion />
      </>
    ),
    {
      jails: [sshd],
      path: '/jails/sshd',
      pattern: '/jails/:name',
      ...options,
      procedures: {
        'jails.get': () => detail,
        'jails.tuning': () => tuning,
        'jails.filter': () => filter,
        'history.events': () => [
          {
            seq: 9,
            event: { type: 'failure.found', at: T0 - 7_200_000, jail: 'sshd', address: '203.0.113.8' },
          },
        ],
        'jails.update': () => done,
        'jails.previewUpdate': () => preview,
        'jails.stop': () => done,
        'jails.setIdle': () => done,
        'bans.list': () => ({ rows: [banOf('203.0.113.1')], total: 1, nextCursor: null }),
        'bans.unban': () => ({ unbanned: 12, absent: 0 }),
        ...options.procedures,
      },
    },
  )
  await screen.findByRole('heading', { name: 'sshd' })
  return { ...page, user: userEvent.setup() }
}

const tab = (name: string) => screen.getByRole('tab', { name })
const rows = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)

afterEach(dismissAllToasts)

describe('the page of a jail', () => {
  it('has a tab for each subject, kept in the URL', async () => {
    const { user, history } = await show()
    expect(
      await screen.findByText('Bans an address for 10 min after 5 failures within 10 min.'),
    ).toBeVisible()
    await user.click(tab('Settings'))
    await waitFor(() => expect(rows()).toEqual(['maxretry', 'logpath', 'banaction']))
    expect(history.get()).toBe('/jails/sshd?tab=settings')
    await user.click(tab('Actions'))
    await waitFor(() => expect(rows()).toEqual(['banaction']))
    await user.click(tab('Filter'))
    await waitFor(() => expect(rows()).toEqual(['maxretry']))
    expect(await screen.findByText('^Failed login from <HOST>$')).toBeVisible()
  })

  it('lists its own bans, and asks for confirmation before it ends all of them', async () => {
    const { user, calls } = await show({ path: '/jails/sshd?tab=bans' })
    expect(await screen.findByRole('link', { name: '203.0.113.1' })).toBeVisible()
    expect(calls.find((call) => call.startsWith('bans.list'))).toContain('"jail":"sshd"')
    await user.click(screen.getByRole('button', { name: 'Unban all' }))
    const dialog = await screen.findByRole('alertdialog')
    expect(dialog).toHaveTextContent('12 bans of sshd end.')
    await user.click(within(dialog).getByRole('button', { name: 'End 12 bans' }))
    await waitFor(() => expect(calls.some((call) => /^bans\.unban .*"all":true/.test(call))).toBe(true))
  })

  it('applies only changed values, until the next reload', async () => {
    const { user, calls } = await show()
    const field = await screen.findByRole('textbox', { name: 'Ban time' })
    expect(field).toHaveValue('10m')
    await user.clear(field)
    await user.type(field, '2h')
    await user.type(screen.getByRole('textbox', { name: 'Never ban' }), '\n198.51.100.0/24')
    await user.click(screen.getByRole('button', { name: 'Apply until reload' }))
    expect(await screen.findByText('Lasts until the jail reloads.')).toBeVisible()
    const sent = calls.find((call) => call.startsWith('jails.update')) ?? ''
    expect(JSON.parse(sent.slice('jails.update '.length))).toEqual({
      name: 'sshd',
      bantime: '2h',
      addIgnored: ['198.51.100.0/24'],
      permanent: false,
    })
  })

  it('adds a very wide network to the ignore list only after confirmation', async () => {
    const update = (input: unknown) => {
      if (!JSON.stringify(input).includes('"force":true'))
        throw new Refusal('ignore_too_wide', 'It is very wide.')
      return { applied: true, files: [], output: null }
    }
    const { user, calls } = await show({ procedures: { 'jails.update': update } })
    await user.type(await screen.findByRole('textbox', { name: 'Never ban' }), '\n44.0.0.0/7')
    await user.click(screen.getByRole('button', { name: 'Apply until reload' }))
    expect(await screen.findByText('It is very wide.')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Ignore it anyway' }))
    expect(await screen.findByText('sshd is changed')).toBeVisible()
    expect(calls.filter((call) => call.startsWith('jails.update'))).toHaveLength(2)
  })

  it('accepts only durations of fail2ban', async () => {
    const { user, calls } = await show()
    const field = await screen.findByRole('textbox', { name: 'Find time' })
    await user.clear(field)
    await user.type(field, '__import__')
    expect(screen.getByText(/Use a duration such as/)).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Apply until reload' }))
    expect(calls.some((call) => call.startsWith('jails.update'))).toBe(false)
  })

  it('keeps what is being typed when somebody else tunes the jail, and reverts nothing of theirs', async () => {
    const now = { ...tuning }
    const { user, calls } = await show({ procedures: { 'jails.tuning': () => ({ ...now }) } })
    await user.clear(await screen.findByRole('textbox', { name: 'Ban time' }))
    await user.type(screen.getByRole('textbox', { name: 'Ban time' }), '2h')
    await user.type(screen.getByRole('textbox', { name: 'Never ban' }), '\n198.51.100.7')
    Object.assign(now, { findtime: 60, ignored: ['127.0.0.1', '192.0.2.1'] })
    await user.click(screen.getByRole('button', { name: 'Actions for sshd' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Resume' }))
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Find time' })).toHaveValue('1m'))
    expect(screen.getByRole('textbox', { name: 'Ban time' })).toHaveValue('2h')
    await user.click(screen.getByRole('button', { name: 'Apply until reload' }))
    expect(await screen.findByText('sshd is changed')).toBeVisible()
    const sent = calls.find((call) => call.startsWith('jails.update')) ?? ''
    expect(JSON.parse(sent.slice('jails.update '.length))).toEqual({
      name: 'sshd',
      bantime: '2h',
      addIgnored: ['198.51.100.7'],
      permanent: false,
    })
  })

  it('reports why a permanent change was refused', async () => {
    const { user } = await show({
      procedures: {
        'jails.update': () => ({ applied: false, files: [], output: 'ERROR: no such filter' }),
      },
    })
    const field = await screen.findByRole('textbox', { name: 'Failures allowed' })
    await user.clear(field)
    await user.type(field, '3')
    await user.click(screen.getByRole('button', { name: 'Apply and save…' }))
    await user.click(await screen.findByRole('button', { name: 'Write and load' }))
    expect(await screen.findByText('ERROR: no such filter')).toBeVisible()
  })

  it('adds a very wide network permanently only after confirmation', async () => {
    const { user, calls } = await show({
      procedures: {
        'jails.previewUpdate': (input) => {
          if ((input as { force: boolean }).force) return preview
          throw new Refusal('ignore_too_wide', 'The network 44.0.0.0/7 is wider than /8.')
        },
      },
    })
    await user.type(await screen.findByRole('textbox', { name: 'Never ban' }), '\n44.0.0.0/7')
    await user.click(screen.getByRole('button', { name: 'Apply and save…' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(await dialog.findByText(/44\.0\.0\.0\/7 is wider/)).toBeVisible()
    expect(dialog.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument()
    await user.click(dialog.getByRole('button', { name: 'Ignore it anyway' }))
    await user.click(await dialog.findByRole('button', { name: 'Write and load' }))
    await waitFor(() => expect(calls.some((call) => call.startsWith('jails.update'))).toBe(true))
    const sent = calls.find((call) => call.startsWith('jails.update')) ?? ''
    expect(JSON.parse(sent.slice('jails.update '.length))).toMatchObject({
      addIgnored: ['44.0.0.0/7'],
      force: true,
      permanent: true,
    })
  })

  it('previews a permanent change, and saves or drops temporary values', async () => {
    const { user, calls } = await show()
    const field = await screen.findByRole('textbox', { name: 'Failures allowed' })
    await user.clear(field)
    await user.type(field, '3')
    await user.click(screen.getByRole('button', { name: 'Apply and save…' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(await dialog.findByText(/Tested on a copy/)).toBeVisible()
    expect(dialog.getByRole('region', { name: /^Changes of/ })).toHaveTextContent('+maxretry = 3')
    await user.selectOptions(dialog.getByLabelText('Actions for Ban time'), 'write')
    await user.selectOptions(dialog.getByLabelText('Actions for 192.0.2.1'), 'end')
    expect(dialog.getByText('usedns')).toBeVisible()
    await waitFor(() =>
      expect(dialog.getByRole('button', { name: 'Write and load' })).not.toHaveAttribute('aria-disabled'),
    )
    await user.click(dialog.getByRole('button', { name: 'Write and load' }))
    await waitFor(() => expect(calls.some((call) => call.startsWith('jails.update'))).toBe(true))
    const sent = calls.find((call) => call.startsWith('jails.update')) ?? ''
    expect(JSON.parse(sent.slice('jails.update '.length))).toEqual({
      name: 'sshd',
      maxretry: 3,
      bantime: 7200,
      giveUp: ['192.0.2.1'],
      force: false,
      permanent: true,
      operationId: expect.any(String),
      provisional: true,
    })
  })

  it('distinguishes the values in effect from the configured ones', async () => {
    const { user } = await show({
      jails: [jailOf('sshd', { bantime: 7200 })],
      procedures: { 'jails.tuning': () => ({ ...tuning, bantime: 7200, maxretry: 4, findtime: 600 }) },
    })
    expect(
      await screen.findByText(/for 10 min after 4 failures .* Different until the next reload/),
    ).toBeVisible()
    expect(
      await screen.findByText(/In the configuration: 10 min, which applies from the next load/),
    ).toBeVisible()
    await user.click(tab('Settings'))
    expect(await screen.findByText('Value in the configuration')).toBeVisible()
  })

  it('shows the hints about its own names in the configuration, and the settings that are not loaded yet', async () => {
    const hint = { kind: 'hint', file: '/etc/fail2ban/jail.local', line: 3, output: null } as const
    const place = { file: '/etc/fail2ban/jail.local', line: 4 }
    const settings = [{ key: 'maxmatches', value: '7', ...place, inForce: '5' }]
    const { user } = await show({
      runtime: runtimeOf({
        configNotices: [
          { ...hint, jail: 'sshd', message: 'Did you mean “bantime”?' },
          { ...hint, jail: 'other', message: 'Did you mean “findtime”?' },
        ],
      }),
      procedures: { 'jails.get': () => ({ ...detail, settings }) },
    })
    expect(await screen.findByText(/Did you mean “bantime”\?.*jail.local, line 3/)).toBeVisible()
    expect(screen.queryByText(/findtime”\?/)).toBeNull()
    await user.click(tab('Settings'))
    expect(await screen.findByText('Until the next reload: 5')).toBeVisible()
  })

  it('names the bans that end before the jail is stopped', async () => {
    const { user, calls } = await show()
    await user.click(await screen.findByRole('button', { name: 'Actions for sshd' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Stop…' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'Stop sshd?' })
    expect(dialog).toHaveTextContent('12 bans of this jail end at once.')
    await user.click(within(dialog).getByRole('button', { name: 'Stop sshd' }))
    expect(await screen.findByText('sshd stopped')).toBeVisible()
    expect(calls).toContain('jails.stop {"name":"sshd"}')
  })

  it('keeps what was typed while fail2ban is down for a moment', async () => {
    const { user, sendRuntime } = await show()
    await user.clear(await screen.findByRole('textbox', { name: 'Ban time' }))
    await user.type(screen.getByRole('textbox', { name: 'Ban time' }), '2h')
    sendRuntime(runtimeOf({ revision: 2, serverStatus: offlineStatus }))
    const button = screen.getByRole('button', { name: 'Apply until reload' })
    await waitFor(() => expect(button).toHaveAttribute('data-tooltip', 'The jail is not running'))
    sendRuntime(runtimeOf({ revision: 3 }))
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'))
    expect(screen.getByRole('textbox', { name: 'Ban time' })).toHaveValue('2h')
  })

  it("shows an error of an action with fail2ban's output", async () => {
    const { user } = await show({
      procedures: { 'jails.reload': () => ({ applied: false, files: [], output: 'ERROR: no file' }) },
    })
    await user.click(await screen.findByRole('button', { name: 'Actions for sshd' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Reload' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'The action failed' })
    expect(dialog).toHaveTextContent('sshd was not reloaded.')
    expect(dialog).toHaveTextContent('ERROR: no file')
  })

  it('stays open with the reason if the jail could not be stopped', async () => {
    const { user } = await show({
      procedures: {
        'jails.stop': () => {
          throw new Refusal('daemon_offline', 'fail2ban went away.')
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Actions for sshd' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Stop…' }))
    const dialog = within(await screen.findByRole('alertdialog', { name: 'Stop sshd?' }))
    await user.click(dialog.getByRole('button', { name: 'Stop sshd' }))
    expect(await dialog.findByText('fail2ban went away.')).toBeVisible()
  })

  it('says that the jail is idle, and resumes it', async () => {
    const { user, calls } = await show({ jails: [{ ...sshd, idle: true }] })
    expect(await screen.findByText('sshd is idle.')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Resume' }))
    await waitFor(() => expect(calls).toContain('jails.setIdle {"name":"sshd","idle":false}'))
    await user.click(screen.getByRole('button', { name: 'Actions for sshd' }))
    expect(await screen.findByRole('menuitem', { name: 'Resume' })).toBeVisible()
    expect(screen.queryByRole('menuitem', { name: 'Pause (idle)' })).not.toBeInTheDocument()
  })

  it('says when the jail is removed from the configuration while the page is open', async () => {
    let gone = false
    const { live } = await show({
      procedures: {
        'jails.get': () => {
          if (gone) throw new Refusal('jail_unknown', 'There is no jail sshd.')
          return detail
        },
      },
    })
    expect(await screen.findByText('Enabled and running.')).toBeVisible()
    gone = true
    live.send({ type: 'jails', host: 'local', jails: [] })
    expect(await screen.findByText('sshd no longer exists')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Its bans' })).toHaveAttribute('href', '/activity?jail=sshd')
  })

  it('shows earlier and live events of the jail', async () => {
    const happened = [
      { seq: 1, event: { type: 'failure.found', at: T0, jail: 'sshd', address: '203.0.113.8' } },
    ]
    const { live, calls } = await show({
      path: '/jails/sshd?tab=log',
      procedures: { 'history.events': () => [...happened] },
    })
    expect(await screen.findByRole('link', { name: '203.0.113.8' })).toBeVisible()
    expect(calls).toContain('history.events {"jail":"sshd","limit":100}')
    const event = { type: 'ban.added', at: T0, jail: 'sshd', address: '203.0.113.9' } as const
    happened.unshift({ seq: 2, event })
    live.send({ type: 'events', host: 'local', events: [event], counts: { 'ban.added': 1 } })
    expect(await screen.findByRole('link', { name: '203.0.113.9' })).toBeVisible()
  })

  it('shows what it knows if the settings cannot be read, and tries again', async () => {
    let failing = true
    const { user } = await show({
      path: '/jails/sshd?tab=settings',
      procedures: {
        'jails.get': () => {
          if (failing) throw new Refusal('config_unreadable', 'The configuration cannot be read.')
          return detail
        },
      },
    })
    expect(await screen.findByText('The configuration cannot be read.')).toBeVisible()
    failing = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(rows()).toHaveLength(3))
  })

  it('offers a viewer no actions', async () => {
    await show({ user: { name: 'eve', role: 'viewer' } })
    expect(await screen.findByRole('textbox', { name: 'Ban time' })).toBeDisabled()
    expect(screen.queryByRole('button', { name: /Change/ })).not.toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Actions for sshd' })).not.toBeInTheDocument()
  })
})
