import { cleanup, screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { jailOf } from '../../../test/fixtures.ts'
import { historyRowOf, statsProcedures } from '../../../test/stats-fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { ActivityPage } from './activity-page.tsx'

function show(options: PageOptions = {}) {
  const page = renderPage(ActivityPage, {
    jails: [jailOf('sshd'), jailOf('nginx')],
    path: '/activity?source=live',
    procedures: statsProcedures,
    ...options,
  })
  return { ...page, user: userEvent.setup() }
}

const list = () => screen.findByRole('list', { name: 'Bans, newest first' })
const asked = (calls: readonly string[]) =>
  calls.filter((call) => call.startsWith('history.list')).map((call) => JSON.parse(call.slice(13)) as object)

describe('the history in fail2ban’s own database', () => {
  it('lists bans with their state', async () => {
    show()
    const row = within(await list()).getByRole('listitem')
    expect(row).toHaveTextContent('192.0.2.1')
    expect(row).toHaveTextContent('Germany')
    expect(row).toHaveTextContent('expired')
  })

  it('opens a row to its log lines, shown as text', async () => {
    const { user } = show({
      procedures: {
        ...statsProcedures,
        'history.lines': () => ({ id: 1, lines: ['Failed password for <b>root</b>', 'again'] }),
      },
    })
    await list()
    await user.click(screen.getByRole('button', { name: 'Show details of the ban of 192.0.2.1' }))
    const lines = await screen.findByRole('region', { name: 'Log lines' })
    expect(lines.textContent).toBe('Failed password for <b>root</b>\nagain')
    expect(screen.getByText(/^Banned by fail2ban for 10 min on .* · 5 failures$/)).toBeVisible()
  })

  it('reads filters from the URL and queries with them', async () => {
    const { calls } = show({
      path: '/activity?source=live&jail=sshd&country=DE&search=192.0.2.0/24&range=all',
    })
    await list()
    expect(asked(calls)).toEqual([
      { source: 'live', jail: 'sshd', country: 'DE', search: '192.0.2.0/24', cursor: null, limit: 50 },
    ])
  })

  it('searches after a pause in typing, and keeps the search in the URL', async () => {
    const { user, history, calls } = show({ path: '/activity?source=live&range=all' })
    await list()
    await user.type(screen.getByRole('searchbox', { name: 'Search the activity' }), '192.0.2')
    await waitFor(() => expect(history.get()).toBe('/activity?source=live&range=all&search=192.0.2'))
    await waitFor(() => expect(asked(calls)).toHaveLength(2))
    expect(asked(calls)[1]).toMatchObject({ search: '192.0.2' })
  })

  it('says since when bans are recorded, below the last ban and in the empty list', async () => {
    const since = new Date(2026, 4, 1, 9, 5).getTime()
    const recorded = { 'stats.recorded': () => ({ bans: 1, failures: 1, singleBans: since }) }
    show({ path: '/activity?source=live&range=all', procedures: { ...statsProcedures, ...recorded } })
    await list()
    expect(await screen.findByText(/^Bans before .*2026.*9:05.* are not recorded\.$/)).toBeVisible()
    cleanup()
    const none = { 'history.list': () => ({ rows: [], nextCursor: null }) }
    show({
      path: '/activity?source=live&range=all',
      procedures: { ...statsProcedures, ...recorded, ...none },
    })
    await screen.findByText('No bans found')
    expect(
      await screen.findByText(/Bans have been recorded since .*9:05.*There are no earlier records/),
    ).toBeVisible()
  })

  it('loads older bans page by page', async () => {
    const { user } = show({
      procedures: {
        ...statsProcedures,
        'history.list': (input) =>
          (input as { cursor: string | null }).cursor === 'next'
            ? { rows: [historyRowOf({ id: 2, address: '192.0.2.2' })], nextCursor: null }
            : { rows: [historyRowOf()], nextCursor: 'next' },
      },
    })
    await list()
    await user.click(screen.getByRole('button', { name: 'Older' }))
    await waitFor(() => expect(screen.getByRole('link', { name: '192.0.2.2' })).toBeVisible())
    expect(screen.getByRole('link', { name: '192.0.2.1' })).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Older' })).not.toBeInTheDocument()
  })

  it('shows new bans only when the reader asks for them', async () => {
    let rows = [historyRowOf()]
    const { live, user } = show({
      procedures: { ...statsProcedures, 'history.list': () => ({ rows, nextCursor: null }) },
    })
    await list()
    rows = [historyRowOf({ id: 2, address: '192.0.2.2' }), ...rows]
    live.send({ type: 'events', host: 'local', events: [], counts: { 'ban.added': 1 } })
    await user.click(await screen.findByRole('button', { name: '1 new' }))
    expect(await screen.findByRole('link', { name: '192.0.2.2' })).toBeVisible()
    expect(screen.queryByRole('button', { name: '1 new' })).not.toBeInTheDocument()
  })

  it('does not count bans as new that the reply had already', async () => {
    const { live } = show({
      procedures: {
        ...statsProcedures,
        'history.list': () => ({ rows: [historyRowOf({ jail: 'sshd', active: true })], nextCursor: null }),
      },
    })
    await list()
    const banned = (address: string) =>
      ({ type: 'ban.added', at: Date.now(), jail: 'sshd', address }) as const
    live.send({
      type: 'events',
      host: 'local',
      events: [banned(historyRowOf().address), banned('192.0.2.77')],
      counts: { 'ban.added': 2 },
    })
    expect(await screen.findByRole('button', { name: '1 new' })).toBeVisible()
  })

  it('counts new bans while older pages are loaded, and reports when they cannot be loaded', async () => {
    let broken = false
    const { live, user } = show({
      procedures: {
        ...statsProcedures,
        'history.list': (input) => {
          if (broken) throw new Refusal('archive_unavailable', 'The archive is away.')
          return (input as { cursor: string | null }).cursor === 'next'
            ? { rows: [historyRowOf({ id: 2, address: '192.0.2.2' })], nextCursor: null }
            : { rows: [historyRowOf()], nextCursor: 'next' }
        },
      },
    })
    await list()
    live.send({ type: 'events', host: 'local', events: [], counts: { 'ban.added': 1 } })
    expect(await screen.findByRole('button', { name: '1 new' })).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Older' }))
    expect(await screen.findByRole('link', { name: '192.0.2.2' })).toBeVisible()
    broken = true
    await user.click(screen.getByRole('button', { name: '1 new' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('The archive is away.')
    broken = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument())
  })

  it('keeps the open bans in the URL, so that a link opens the same', async () => {
    const { user, history } = show({ path: '/activity?source=live&range=all' })
    await list()
    await user.click(screen.getByRole('button', { name: /^Show details/ }))
    expect(history.get()).toBe('/activity?source=live&range=all&open=1')
    cleanup()
    const again = show({ path: '/activity?source=live&range=all&open=1' })
    await list()
    await again.user.click(screen.getByRole('button', { name: /^Hide details/ }))
    expect(again.history.get()).toBe('/activity?source=live&range=all')
  })

  it('undoes a filter with "back"', async () => {
    const { user, history } = show({ path: '/activity?source=live&range=all' })
    await list()
    await user.selectOptions(screen.getByRole('combobox', { name: 'Jail' }), 'sshd')
    expect(history.get()).toBe('/activity?source=live&range=all&jail=sshd')
    history.back()
    await waitFor(() => expect(history.get()).toBe('/activity?source=live&range=all'))
  })

  it('links to the same list as a file', async () => {
    show({ path: '/activity?source=live&range=all&jail=sshd' })
    await list()
    const href = screen.getByRole('link', { name: 'CSV' }).getAttribute('href') ?? ''
    const url = new URL(href)
    expect(url.pathname).toBe('/api/export/history.csv')
    expect(JSON.parse(url.searchParams.get('input') ?? '')).toEqual({ source: 'live', jail: 'sshd' })
  })

  it('says what would be here if there are no bans, and clears the filters', async () => {
    const { user, history } = show({
      path: '/activity?source=live&jail=sshd&range=7d',
      procedures: { ...statsProcedures, 'history.list': () => ({ rows: [], nextCursor: null }) },
    })
    expect(await screen.findByText('No bans found')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Clear filters' }))
    expect(history.get()).toBe('/activity?source=live&range=7d')
  })

  it('reports an error, and tries again', async () => {
    let broken = true
    const { user } = show({
      procedures: {
        ...statsProcedures,
        'history.list': () => {
          if (broken) throw new Refusal('archive_unavailable', 'The archive is away.')
          return { rows: [historyRowOf()], nextCursor: null }
        },
      },
    })
    expect(await screen.findByRole('alert')).toHaveTextContent('The archive is away.')
    broken = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await list()
  })
})
