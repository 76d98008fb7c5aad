import type { AddressDetail } from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { banOf, T0 } from '../../../test/fixtures.ts'
import { historyRowOf } from '../../../test/stats-fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { dismissAllToasts, ToastRegion } from '../../ui/toast.tsx'
import { banDialogRequest, closeBanDialog } from '../../bans/ban-dialog-state.ts'
import { AddressPage } from './address-page.tsx'
import { verdictOf } from './address-verdict.ts'

const detailOf = (over: Partial<AddressDetail> = {}): AddressDetail => ({
  address: '203.0.113.7',
  kind: 'public',
  country: 'NL',
  asn: null,
  organisation: null,
  network: '203.0.113.0/24',
  active: [],
  bans: [],
  totals: { bans: 0, jails: 0, firstAt: null, lastAt: null },
  failures: [],
  timeline: [],
  lines: [],
  recordedSince: 0,
  neighbours: [],
  ignoredBy: [],
  ...over,
})

async function show(detail: AddressDetail, options: PageOptions = {}) {
  const page = renderPage(
    () => (
      <>
        <AddressPage />
        <ToastRegion />
      </>
    ),
    {
      path: `/addresses/${encodeURIComponent(detail.address)}`,
      pattern: '/addresses/:address',
      ...options,
      procedures: {
        'history.address': () => detail,
        'bans.unban': () => ({ unbanned: 1, absent: 0 }),
        ...options.procedures,
      },
    },
  )
  return { ...page, user: userEvent.setup() }
}

afterEach(() => {
  dismissAllToasts()
  closeBanDialog()
})

describe('the page of an address', () => {
  it('shows at the top where the address is banned, and unbans it', async () => {
    const active = [banOf('203.0.113.7'), banOf('203.0.113.7', { jail: 'nginx', until: null, duration: -1 })]
    const { calls, user } = await show(detailOf({ active }))
    expect(await screen.findByText('Banned now in sshd and nginx.')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Unban in nginx' }))
    expect(await screen.findByText('203.0.113.7 unbanned')).toBeVisible()
    expect(calls.find((call) => call.startsWith('bans.unban'))).toContain('"jail":"nginx"')
  })

  it('shows which network bans the address, and unbans the network', async () => {
    const active = [banOf('203.0.113.0/24')]
    const { calls, user } = await show(detailOf({ active }))
    expect(await screen.findByText('Covered by the ban on 203.0.113.0/24 in sshd.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Unban' })).not.toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Unban the network' }))
    expect(await screen.findByText('203.0.113.0/24 unbanned')).toBeVisible()
    expect(calls.find((call) => call.startsWith('bans.unban'))).toContain('"203.0.113.0/24"')
  })

  it('shows after an unban which other bans cover the address, and offers to end them', async () => {
    const network = banOf('203.0.113.0/24')
    const some = [{ address: '203.0.113.7', by: network }]
    const { calls, user } = await show(detailOf({ active: [network, banOf('203.0.113.7')] }), {
      procedures: {
        'bans.unban': (input) => ({
          unbanned: 1,
          absent: 0,
          ...(JSON.stringify(input).includes('/24') ? {} : { covered: { count: 1, some } }),
        }),
      },
    })
    expect(
      await screen.findByText(/It stays banned while the ban on 203\.0\.113\.0\/24 lasts\./),
    ).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Unban' }))
    expect(await screen.findByText('203.0.113.7 is still banned')).toBeVisible()
    const unbans = () => calls.filter((call) => call.startsWith('bans.unban'))
    expect(unbans()).toHaveLength(1)
    const [, inToast] = screen.getAllByRole('button', { name: 'Unban the network' })
    await user.click(inToast!)
    await waitFor(() => expect(unbans()[1]).toContain('"203.0.113.0/24"'))
  })

  it('unbans once, however often one clicks', async () => {
    const answer = Promise.withResolvers<{ unbanned: number; absent: number }>()
    const active = [banOf('203.0.113.7')]
    const { calls } = await show(detailOf({ active }), {
      procedures: { 'bans.unban': () => answer.promise },
    })
    const button = await screen.findByRole('button', { name: 'Unban in sshd' })
    button.click()
    button.click()
    answer.resolve({ unbanned: 1, absent: 0 })
    expect(await screen.findByText('203.0.113.7 unbanned')).toBeVisible()
    expect(calls.filter((call) => call.startsWith('bans.unban'))).toHaveLength(1)
  })

  it('keeps its content if a refetch fails, and says so', async () => {
    let broken = false
    const { live, user } = await show(detailOf(), {
      procedures: {
        'history.address': () => {
          if (broken) throw new Refusal('archive_unavailable', 'The archive is away.')
          return detailOf()
        },
      },
    })
    await screen.findByText('Not banned.')
    broken = true
    live.send({
      type: 'events',
      host: 'local',
      events: [{ type: 'ban.added', at: T0, jail: 'sshd', address: '203.0.113.7' }],
      counts: { 'ban.added': 1 },
    })
    expect(await screen.findByText('The archive is away.')).toBeVisible()
    expect(screen.getByText('Not banned.')).toBeVisible()
    broken = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByText('The archive is away.')).not.toBeInTheDocument())
  })

  it.each([
    ['of an address', '203.0.113.7'],
    ['of a network', '203.0.113.0/24'],
  ])('of %s is refetched on events of it, and not on other events', async (_, address) => {
    const { calls, live } = await show(detailOf({ address, network: null }))
    await screen.findByText('Not banned.')
    const asked = () => calls.filter((call) => call.startsWith('history.address')).length
    const before = asked()
    for (const banned of ['203.0.113.7', '198.51.100.9'])
      live.send({
        type: 'events',
        host: 'local',
        events: [{ type: 'ban.added', at: T0, jail: 'sshd', address: banned }],
        counts: { 'ban.added': 1 },
      })
    await waitFor(() => expect(asked()).toBeGreaterThan(before))
  })

  it('shows log lines as text, whatever they contain', async () => {
    await show(detailOf({ lines: ['<img src=x onerror=alert(1)> sshd', 'Failed password'] }))
    const lines = await screen.findByRole('region', { name: 'Log lines that caused the ban' })
    expect(lines).toHaveTextContent('<img src=x onerror=alert(1)> sshd')
    expect(within(lines).queryByRole('img')).not.toBeInTheDocument()
  })

  it('exists for a network too, and accepts every spelling of an address', async () => {
    const { calls } = await show(detailOf({ address: '2001:db8::/48', network: null }), {
      path: `/addresses/${encodeURIComponent('2001:0DB8::/48')}`,
    })
    expect(await screen.findByRole('heading', { name: '2001:db8::/48' })).toBeVisible()
    await waitFor(() => expect(calls).toContain('history.address {"address":"2001:db8::/48"}'))
  })

  it('says what an address looks like if the path has none', async () => {
    const { calls } = await show(detailOf(), {
      path: '/addresses/nonsense%20here',
      procedures: {
        'history.address': () => {
          throw new Refusal('addresses_invalid', 'Not a valid address or network.')
        },
      },
    })
    expect(await screen.findByText('"nonsense here" is not a valid address')).toBeVisible()
    expect(calls).toContain('history.address {"address":"nonsense here"}')
  })

  it('of a name that is not an address shows its bans and unbans it, but offers no ban', async () => {
    const address = '=1+1/..'
    const detail = detailOf({ address, kind: 'unknown', network: null, active: [banOf(address)] })
    const { calls, user } = await show(detail)
    expect(await screen.findByRole('heading', { name: address, level: 1 })).toBeVisible()
    expect(await screen.findByText('not an IP address: fail2ban can ban any text')).toBeVisible()
    expect(screen.queryByText('Network')).not.toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Ban' })).not.toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Unban in sshd' }))
    await waitFor(() => expect(calls.join()).toContain(`"addresses":["${address}"]`))
  })

  it('of a network says which address each ban is of', async () => {
    const bans = [historyRowOf({ address: '203.0.113.7' }), historyRowOf({ id: 2, address: '203.0.113.8' })]
    await show(detailOf({ address: '203.0.113.0/24', network: null, bans }))
    const table = within(await screen.findByRole('table', { name: 'Bans of 203.0.113.0/24' }))
    expect(table.getByRole('columnheader', { name: 'Address' })).toBeVisible()
    expect(table.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual([
      '203.0.113.7',
      '203.0.113.8',
    ])
  })

  it('has a column for reasons only if there is one, and calls no active ban ended', async () => {
    const failures = historyRowOf({ address: '203.0.113.7', active: true, attempts: 3, reason: null })
    const { unmount } = await show(detailOf({ bans: [failures] }))
    const headers = async () => {
      const table = within(await screen.findByRole('table', { name: 'Bans of 203.0.113.7' }))
      return table.getAllByRole('columnheader').map((cell) => cell.textContent)
    }
    expect(await headers()).toEqual(['Banned', 'Jail', 'For', 'State', 'Failures', 'By'])
    unmount()
    await show(detailOf({ bans: [failures, { ...failures, id: 2, reason: 'scans' }] }))
    expect(await headers()).toContain('Reason')
  })

  it('says only once who banned', async () => {
    const byHand = banOf('203.0.113.7', { by: { kind: 'fail2ban', name: null }, attempts: 0, reason: null })
    const byUser = banOf('203.0.113.7', { jail: 'web', by: { kind: 'user', name: 'ada' }, reason: null })
    await show(detailOf({ active: [byHand, byUser] }))
    expect(await screen.findByText('by fail2ban-client')).toBeVisible()
    expect(screen.getByText('by ada')).toBeVisible()
  })

  it('links to banned neighbours and offers to ban the network', async () => {
    const { user } = await show(
      detailOf({ neighbours: [{ address: '203.0.113.9', bans: 7, lastAt: T0, active: true }] }),
    )
    expect(await screen.findByRole('link', { name: '203.0.113.9' })).toHaveAttribute(
      'href',
      '/addresses/203.0.113.9',
    )
    await user.click(screen.getByRole('button', { name: 'Ban' }))
    await waitFor(() => expect(banDialogRequest()?.addresses).toEqual(['203.0.113.7']))
  })

  it('offers to ban in the jail of the current ban, else in that of the last one', async () => {
    const active = [
      banOf('203.0.113.7', { jail: 'older', since: T0 - 60_000 }),
      banOf('203.0.113.7', { jail: 'newer', since: T0 }),
    ]
    const bans = [historyRowOf({ address: '203.0.113.7', jail: 'over' }), historyRowOf({ jail: 'older' })]
    const { user } = await show(detailOf({ active, bans }))
    await screen.findByText('Banned now in older and newer.')
    await user.click(screen.getByRole('button', { name: 'Ban' }))
    await waitFor(() => expect(banDialogRequest()?.likely).toEqual(['newer', 'older', 'over']))
  })

  it('reports an error and tries again', async () => {
    let failing = true
    const { user } = await show(detailOf(), {
      procedures: {
        'history.address': () => {
          if (failing) throw new Refusal('internal', 'The archive cannot be used.')
          return detailOf()
        },
      },
    })
    expect(await screen.findByText('The archive cannot be used.')).toBeVisible()
    failing = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Not banned.')).toBeVisible()
  })

  it.each(['203.0.113.7', '203.0.113.0/24'])('is refetched when %s is banned', async (address) => {
    const { live, calls } = await show(detailOf())
    await screen.findByText('Not banned.')
    live.send({
      type: 'events',
      host: 'local',
      events: [{ type: 'ban.added', at: T0, jail: 'sshd', address }],
      counts: { 'ban.added': 1 },
    })
    const fetched = () => calls.filter((call) => call.startsWith('history.address'))
    await waitFor(() => expect(fetched().length).toBeGreaterThan(1))
  })
})

describe('verdictOf', () => {
  it.each([
    [{}, 'Not banned.'],
    [{ failures: [{ at: T0, jail: 'sshd', address: '203.0.113.7' }] }, 'Not banned, but with failures.'],
    [{ ignoredBy: ['sshd'] }, 'Never banned by fail2ban.'],
    [{ ignoredBy: ['sshd'], active: [banOf('203.0.113.7')] }, 'Banned now in sshd.'],
    [{ ignoredBy: null }, 'Not banned.'],
    [{ address: '203.0.113.0/24', active: [banOf('203.0.113.7')] }, '1 of its addresses is banned, in sshd.'],
    [
      { active: [banOf('203.0.113.0/24'), banOf('203.0.0.0/16', { jail: 'web' })] },
      'Covered by the ban on 203.0.113.0/24 and 203.0.0.0/16 in sshd and web.',
    ],
    [{ active: [banOf('203.0.113.0/24'), banOf('203.0.113.7', { jail: 'web' })] }, 'Banned now in web.'],
    [
      { address: '203.0.113.0/24', active: [banOf('203.0.113.7'), banOf('203.0.113.8')] },
      '2 of its addresses are banned, in sshd.',
    ],
  ])('of %j is %s', (over, title) => {
    expect(verdictOf(detailOf(over)).title).toBe(title)
  })

  it('says when the state may be outdated', () => {
    const detail = detailOf({ active: [banOf('203.0.113.7')] })
    expect(verdictOf(detail, true)).toMatchObject({
      tone: 'warning',
      text: expect.stringMatching(/^fail2ban is down\. /),
    })
    expect(verdictOf(detail, false).text).not.toMatch(/fail2ban is down/)
  })
})

describe('the days of an address', () => {
  it('distinguish unrecorded days from days without a ban', async () => {
    const day = 86_400_000
    const today = Math.floor(Date.now() / day) * day
    const timeline = [{ day: today, jail: 'sshd', bans: 1 }]
    await show(detailOf({ timeline, recordedSince: today - 6.5 * day }))
    const card = await screen.findByRole('region', { name: 'Bans by day' })
    expect(card).toHaveTextContent(/UTC days; recorded since /)
    expect(within(card).getByRole('cell', { name: 'not recorded' })).toBeInTheDocument()
    // 22 of 30
    expect(card.querySelector<HTMLElement>('[data-unrecorded]')?.style.width).toMatch(/^73\.3/)
    const texts = [...card.querySelectorAll('[data-tooltip]')].map((each) =>
      each.getAttribute('data-tooltip'),
    )
    expect(texts.filter((text) => text?.endsWith('not recorded'))).toHaveLength(22)
  })
})
