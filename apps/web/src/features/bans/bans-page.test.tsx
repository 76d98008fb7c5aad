import { screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import { asked, pageOf, rowOf, showBans, table, threeBans } from '../../../test/bans-page.tsx'
import { Refusal } from '../../../test/fake-api.ts'
import { banOf, offlineStatus, runtimeOf, T0 } from '../../../test/fixtures.ts'
import { dismissAllToasts } from '../../ui/toast.tsx'
import { closeBanDialog } from '../../bans/ban-dialog-state.ts'

afterEach(() => {
  closeBanDialog()
  dismissAllToasts()
})

describe('the bans page', () => {
  it('shows each ban with its jail, country, remaining time and count', async () => {
    await showBans()
    const row = within(await rowOf('2001:db8::1'))
    expect(row.getByRole('link', { name: 'nginx' })).toBeVisible()
    expect(row.getByText('Netherlands')).toBeVisible()
    expect(row.getByText(/4/, { selector: '[data-column=times]' })).toBeVisible()
    expect(within(await rowOf('203.0.113.2')).getByText('permanent')).toBeVisible()
    expect(screen.getByText('3 bans')).toBeVisible()
  })

  it('says that its bans may be outdated while fail2ban is down', async () => {
    await showBans({ runtime: runtimeOf({ serverStatus: offlineStatus }) })
    expect(screen.getByText(/^fail2ban is down: these are the bans/)).toBeVisible()
    expect(await rowOf('203.0.113.1')).toBeVisible()
  })

  it('fetches only what is in view, a page of 100 rows at a time', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) =>
      banOf(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
    )
    const { calls } = await showBans({ bans: many })
    expect(await screen.findByText('50,000 bans')).toBeVisible()
    expect(await table()).toHaveAttribute('aria-rowcount', '50001')
    expect(within(await table()).getAllByRole('row').length).toBeLessThan(60)
    expect(asked(calls, 'bans.list').every((input) => input.limit === 100)).toBe(true)
    expect(asked(calls, 'bans.list').length).toBeLessThan(3)
  })

  it('searches on the server after a pause in typing, and keeps the search in the URL', async () => {
    const { calls, user, history } = await showBans()
    await rowOf('203.0.113.1')
    await user.type(screen.getByRole('searchbox', { name: 'Search bans' }), '203.0.113.2')
    await waitFor(() => expect(screen.getByText('1 ban')).toBeVisible())
    const searches = asked(calls, 'bans.list').map((input) => input.search)
    expect([searches[0], searches.at(-1)]).toEqual([undefined, '203.0.113.2'])
    // however slow the machine is: not for each letter
    expect(searches.length).toBeLessThan(11)
    expect(history.get()).toContain('search=203.0.113.2')
  })

  it('narrows to the bans of a blocklist, in the URL, and an unban of all of them ends no other ban', async () => {
    const listed = banOf('192.0.2.9', { by: { kind: 'blocklist', name: 'worms', list: 3 } })
    const { calls, user, history } = await showBans({ bans: [...threeBans, listed] })
    expect(within(await rowOf('192.0.2.9')).getByText('blocklist worms')).toBeVisible()
    const select = screen.getByRole('combobox', { name: 'Banned by' })
    await user.selectOptions(select, await within(select).findByRole('option', { name: 'worms' }))
    await waitFor(() => expect(asked(calls, 'bans.list').at(-1)?.origin).toBe('blocklist:3'))
    expect(history.get()).toContain('origin=blocklist')
    await user.click(screen.getByRole('checkbox', { name: 'Select every ban of this list' }))
    await user.click(screen.getByRole('button', { name: 'Unban' }))
    await user.click(await screen.findByRole('button', { name: 'End 1 ban' }))
    await waitFor(() => expect(asked(calls, 'bans.unban')).toHaveLength(1))
    expect(asked(calls, 'bans.unban')[0]).toMatchObject({ addresses: ['192.0.2.9'] })
  })

  it('changes the end and the reason of a ban, and undoes that', async () => {
    const extension = { jail: 'bangui', until: null, reason: null }
    const { calls, user } = await showBans({
      bans: [banOf('203.0.113.1', { extension })],
      procedures: {
        'bans.update': () => ({ until: T0 + 86_400_000, isExtended: true }),
        'operations.undo': () => ({ restored: 1, over: 0, already: 0, refused: [], shortened: [] }),
      },
    })
    const row = within(await rowOf('203.0.113.1'))
    expect(row.getByText('permanent')).toBeVisible()
    await user.click(row.getByRole('button', { name: 'Actions for 203.0.113.1' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Change ban…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Change the ban of 203.0.113.1' }))
    expect(dialog.getByRole('button', { name: 'Change ban' })).toBeDisabled()
    await user.click(dialog.getByRole('button', { name: 'In 7 days' }))
    await user.type(dialog.getByLabelText('Reason'), 'comes again')
    await user.click(dialog.getByRole('button', { name: 'Change ban' }))
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(asked(calls, 'operations.undo')).toHaveLength(1))
    expect(asked(calls, 'bans.update')).toMatchObject([
      { address: '203.0.113.1', jail: 'sshd', until: expect.any(Number), reason: 'comes again' },
    ])
  })

  it('sorts by a column, reversed by the second click', async () => {
    const { calls, user } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('button', { name: 'Jail' }))
    await waitFor(() => expect(asked(calls, 'bans.list').at(-1)?.sort).toBe('jail'))
    await user.click(screen.getByRole('button', { name: 'Jail' }))
    await waitFor(() => expect(asked(calls, 'bans.list').at(-1)?.sort).toBe('-jail'))
    expect(screen.getByRole('columnheader', { name: 'Jail' })).toHaveAttribute('aria-sort', 'descending')
  })

  it('unbans the selected bans, each in its jail, and bans them again on Undo', async () => {
    const { calls, user } = await showBans({
      procedures: {
        'operations.undo': () => ({ restored: 1, over: 0, already: 0, refused: [], shortened: [] }),
      },
    })
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' }))
    await user.click(screen.getByRole('checkbox', { name: 'Select 2001:db8::1 in nginx' }))
    expect(screen.getByText('2 bans selected')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Unban' }))
    expect(await screen.findByText('2 bans unbanned')).toBeVisible()
    expect(asked(calls, 'bans.unban')).toMatchObject([
      { jail: 'sshd', addresses: ['203.0.113.2'] },
      { jail: 'nginx', addresses: ['2001:db8::1'] },
    ])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    const ids = asked(calls, 'bans.unban').map((input) => (input as { operationId?: string }).operationId)
    await waitFor(() => expect(asked(calls, 'operations.undo')).toEqual(ids.map((id) => ({ id }))))
    expect(new Set(ids).size).toBe(2)
  })

  it('selects a range with shift', async () => {
    const { user } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.1 in sshd' }))
    await user.keyboard('{Shift>}')
    await user.click(screen.getByRole('checkbox', { name: 'Select 2001:db8::1 in nginx' }))
    await user.keyboard('{/Shift}')
    expect(screen.getByText('3 bans selected')).toBeVisible()
  })

  it('asks for confirmation before it ends every ban, and names the consequence', async () => {
    const { calls, user } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select every ban of this list' }))
    await user.click(screen.getByRole('button', { name: 'Unban' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'End 3 bans?' })
    expect(dialog).toHaveTextContent('3 bans of this list end.')
    expect(asked(calls, 'bans.unban')).toEqual([])
    await user.click(within(dialog).getByRole('button', { name: 'End 3 bans' }))
    await waitFor(() => expect(asked(calls, 'bans.unban')).toMatchObject([{ addresses: [], all: true }]))
  })

  it('ends exactly the bans of a search, without a deselected row', async () => {
    const { calls, user } = await showBans({ path: '/bans?search=203' })
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select every ban of this list' }))
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.1 in sshd' }))
    expect(screen.getByText('1 ban selected')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Unban' }))
    await user.click(await screen.findByRole('button', { name: 'End 1 ban' }))
    await waitFor(() =>
      expect(asked(calls, 'bans.unban')).toMatchObject([{ jail: 'sshd', addresses: ['203.0.113.2'] }]),
    )
  })

  it('adds no new bans while something is selected, and marks ended ones', async () => {
    const bans = [...threeBans]
    const { user, live, calls } = await showBans({ bans })
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' }))
    bans.unshift(banOf('198.51.100.9'))
    live.send({
      type: 'events',
      host: 'local',
      events: [
        { type: 'ban.added', at: T0, jail: 'sshd', address: '198.51.100.9' },
        { type: 'ban.removed', at: T0, jail: 'sshd', address: '203.0.113.1' },
      ],
      counts: { 'ban.added': 1, 'ban.removed': 1 },
    })
    expect(within(await rowOf('203.0.113.1')).getByText('ended')).toBeVisible()
    expect(asked(calls, 'bans.list')).toHaveLength(1)
    await user.click(screen.getByRole('button', { name: '1 new ban: show' }))
    expect(await screen.findByRole('link', { name: '198.51.100.9' })).toBeVisible()
  })

  it('does not move rows while the keyboard or a menu is in the list', async () => {
    const bans = [...threeBans]
    const { user, live, calls } = await showBans({ bans })
    await rowOf('203.0.113.1')
    ;(await screen.findByRole('link', { name: '203.0.113.1' })).focus()
    await user.tab()
    live.send({
      type: 'events',
      host: 'local',
      events: [{ type: 'ban.added', at: T0, jail: 'sshd', address: '198.51.100.9' }],
      counts: { 'ban.added': 1 },
    })
    expect(await screen.findByRole('button', { name: '1 new ban: show' })).toBeVisible()
    expect(asked(calls, 'bans.list')).toHaveLength(1)
  })

  it('does not count a ban as new that the list had before its event', async () => {
    const { user, live } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' }))
    const [listed] = threeBans
    live.send({
      type: 'events',
      host: 'local',
      events: [
        { type: 'ban.added', at: listed!.since, jail: listed!.jail, address: listed!.address },
        { type: 'ban.added', at: T0, jail: 'sshd', address: '198.51.100.9' },
      ],
      counts: { 'ban.added': 2 },
    })
    expect(await screen.findByRole('button', { name: '1 new ban: show' })).toBeVisible()
  })

  it('keeps the selection in another order, and clears it for another search', async () => {
    const { user } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' }))
    await user.click(screen.getByRole('button', { name: 'Jail' }))
    expect(await screen.findByText('1 ban selected')).toBeVisible()
    await user.type(screen.getByRole('searchbox', { name: 'Search bans' }), '2001')
    await waitFor(() => expect(screen.queryByText('1 ban selected')).not.toBeInTheDocument())
  })

  it('undoes a choice of jail with "back", but not each letter of a search', async () => {
    const { user, history } = await showBans()
    await rowOf('203.0.113.1')
    await user.selectOptions(screen.getByRole('combobox', { name: 'Jail' }), 'nginx')
    expect(await screen.findByText('1 ban')).toBeVisible()
    await user.type(screen.getByRole('searchbox', { name: 'Search bans' }), '2001')
    await waitFor(() => expect(history.get()).toContain('search=2001'))
    history.back()
    await waitFor(() => expect(history.get()).not.toContain('jail='))
    expect(await screen.findByText('3 bans')).toBeVisible()
    expect(screen.getByRole('searchbox', { name: 'Search bans' })).toHaveValue('')
  })

  it('keeps the focus near the row that was acted on', async () => {
    const { user } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' }))
    await user.click(screen.getByRole('button', { name: 'Clear selection' }))
    await waitFor(() => expect(document.body).not.toHaveFocus())
  })

  it('offers a viewer no actions', async () => {
    await showBans({ user: { name: 'eve', role: 'viewer' } })
    await rowOf('203.0.113.1')
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Ban addresses' })).not.toBeInTheDocument()
  })

  it('says why there are no bans, and what to do if no ban matches', async () => {
    const { user } = await showBans({ bans: [], path: '/bans?search=9' })
    expect(await screen.findByText('No ban matches')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Clear search' }))
    expect(await screen.findByText('No active bans')).toBeVisible()
  })

  it('reports why the bans could not be loaded and tries again', async () => {
    let failing = true
    const { user } = await showBans({
      procedures: {
        'bans.list': (input) => {
          if (failing) throw new Refusal('internal', 'The database cannot be used.')
          return pageOf(threeBans, input)
        },
      },
    })
    expect(await screen.findByText('The database cannot be used.')).toBeVisible()
    failing = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('link', { name: '203.0.113.1' })).toBeVisible()
  })

  it('exports the same list', async () => {
    await showBans({ path: '/bans?jail=sshd&sort=address' })
    const link = await screen.findByRole('link', { name: 'CSV' })
    const url = new URL(link.getAttribute('href') ?? '')
    expect(url.pathname).toMatch(/\/api\/export\/bans\.csv$/)
    expect(JSON.parse(url.searchParams.get('input') ?? '')).toEqual({ sort: 'address', jail: 'sshd' })
  })

  it('shows which network bans an address, and unbans the network', async () => {
    const network = banOf('203.0.113.0/24')
    const { calls, user } = await showBans({
      path: '/bans?search=203.0.113.77',
      procedures: { 'bans.list': () => ({ rows: [network], total: 1, nextCursor: null }) },
    })
    expect(await screen.findByText('203.0.113.77 is covered by the ban on 203.0.113.0/24.')).toBeVisible()
    expect(screen.getByText(/^203\.0\.113\.0\/24 is banned in sshd until /)).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Unban 203.0.113.0/24' }))
    await waitFor(() =>
      expect(asked(calls, 'bans.unban')).toMatchObject([{ jail: 'sshd', addresses: ['203.0.113.0/24'] }]),
    )
  })

  it('does not mention networks if the address itself is banned', async () => {
    const rows = [banOf('203.0.113.0/24'), banOf('203.0.113.77')]
    await showBans({
      path: '/bans?search=203.0.113.77',
      procedures: { 'bans.list': () => ({ rows, total: 2, nextCursor: null }) },
    })
    await rowOf('203.0.113.77')
    expect(
      screen.queryByText('203.0.113.77 is covered by the ban on 203.0.113.0/24.'),
    ).not.toBeInTheDocument()
  })
})
