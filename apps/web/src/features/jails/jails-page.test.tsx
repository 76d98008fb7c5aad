import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { jailOf, offlineStatus, runtimeOf, statusOf } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { JailsPage } from './jails-page.tsx'

const jails = () => [
  jailOf('apache', { currentlyBanned: 2 }),
  jailOf('gitea', { enabled: false, running: false, logPaths: ['/srv/gitea/log'] }),
  jailOf('postfix', { running: false }),
  jailOf('sshd', { currentlyBanned: 9, backend: 'systemd', logPaths: [] }),
]

async function show(options: PageOptions = {}) {
  const page = renderPage(JailsPage, { jails: jails(), path: '/jails', ...options })
  await screen.findByRole('table')
  return { ...page, user: userEvent.setup() }
}

const names = () => screen.getAllByRole('rowheader').map((cell) => within(cell).getByRole('link').textContent)

describe('the jails page', () => {
  it('shows every jail with its state and its counts', async () => {
    await show()
    expect(names()).toEqual(['apache', 'gitea', 'postfix', 'sshd'])
    const row = (name: RegExp) => screen.getByRole('row', { name })
    expect(row(/^apache/)).toHaveTextContent('Running')
    expect(row(/^gitea/)).toHaveTextContent('Off')
    expect(row(/^postfix/)).toHaveTextContent('On, not running')
    expect(row(/^sshd/)).toHaveTextContent('journal')
  })

  it('links from a count to the list behind it', async () => {
    await show({ jails: [jailOf('sshd', { currentlyBanned: 4, totalBanned: 9, totalFailed: 30 })] })
    const leadsTo = (text: string) => screen.getByRole('link', { name: text }).getAttribute('href')
    expect(leadsTo('4')).toBe('/bans?jail=sshd')
    expect(leadsTo('9')).toBe('/activity?jail=sshd')
    expect(leadsTo('30')).toBe('/activity?type=failure&jail=sshd')
    expect(screen.queryByRole('link', { name: '0' })).toBeNull()
  })

  it('shows the problem of a jail in its row', async () => {
    await show({ jails: [jailOf('sshd', { problem: 'bantime is “x”, which is no duration.' })] })
    expect(screen.getByRole('rowheader')).toHaveTextContent('bantime is “x”')
  })

  it.each([
    ['running', ['apache', 'sshd']],
    ['off', ['gitea']],
    ['attention', ['postfix']],
    ['nonsense', ['apache', 'gitea', 'postfix', 'sshd']],
  ])('takes the filter %s from the URL', async (filter, expected) => {
    await show({ path: `/jails?filter=${filter}` })
    expect(names()).toEqual(expected)
  })

  it('lists an idle jail under Needs attention, not under Running', async () => {
    await show({
      path: '/jails?filter=running',
      jails: [jailOf('sshd', { idle: true }), jailOf('web')],
    })
    expect(names()).toEqual(['web'])
    expect(screen.getByRole('radio', { name: 'Running 1' })).toBeVisible()
  })

  it('puts the filter into the URL', async () => {
    const { user, history } = await show()
    await user.click(screen.getByRole('radio', { name: 'Off 1' }))
    await waitFor(() => expect(names()).toEqual(['gitea']))
    expect(history.get()).toBe('/jails?filter=off')
  })

  it('finds jails by name, filter and log; / goes to the search', async () => {
    const { user, history } = await show()
    await user.keyboard('/')
    expect(screen.getByRole('searchbox', { name: 'Search jails' })).toHaveFocus()
    await user.keyboard('srv')
    await waitFor(() => expect(names()).toEqual(['gitea']))
    expect(history.get()).toBe('/jails?search=srv')
  })

  it('sorts counts in descending order and keeps the order in the URL', async () => {
    const { user, history } = await show()
    await user.click(screen.getByRole('button', { name: 'Banned' }))
    await waitFor(() => expect(names()[0]).toBe('sshd'))
    expect(history.get()).toBe('/jails?sort=-banned')
  })

  it('does not move rows under the pointer', async () => {
    const { user, live } = await show({ path: '/jails?sort=-banned' })
    expect(names().slice(0, 2)).toEqual(['sshd', 'apache'])
    await user.hover(screen.getByRole('row', { name: /^apache/ }))
    const [apache, ...rest] = jails()
    live.send({ type: 'jails', host: 'local', jails: [{ ...apache!, currentlyBanned: 50 }, ...rest] })
    await waitFor(() => expect(screen.getByRole('row', { name: /^apache/ })).toHaveTextContent('50'))
    expect(names().slice(0, 2)).toEqual(['sshd', 'apache'])
    await user.unhover(screen.getByRole('row', { name: /^apache/ }))
    await user.hover(document.body)
    await waitFor(() => expect(names().slice(0, 2)).toEqual(['apache', 'sshd']))
  })

  it('changes counts in place: the row stays the same element', async () => {
    const { live } = await show()
    const before = screen.getByRole('row', { name: /^sshd/ })
    live.send({ type: 'jails', host: 'local', jails: jails().map((jail) => ({ ...jail, totalBanned: 77 })) })
    await waitFor(() => expect(before).toHaveTextContent('77'))
    expect(screen.getByRole('row', { name: /^sshd/ })).toBe(before)
  })

  it('says why a jail cannot be switched while fail2ban is busy', async () => {
    const { user } = await show({ runtime: runtimeOf({ serverStatus: statusOf({ activity: 'loading' }) }) })
    const button = await screen.findByRole('button', { name: 'Activate gitea' })
    expect(button).toHaveAttribute('aria-disabled', 'true')
    expect(button).toHaveAttribute('data-tooltip', 'fail2ban is loading a change')
    await user.click(button)
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('offers users without permission no actions', async () => {
    await show({ user: { name: 'eve', role: 'viewer' } })
    await Promise.resolve()
    expect(screen.queryByRole('button', { name: /ctivate/ })).toBeNull()
  })

  it('marks no single jail while the whole daemon is down', async () => {
    await show({ runtime: runtimeOf({ serverStatus: offlineStatus }), path: '/jails?filter=attention' })
    expect(screen.getByText('No jail needs attention')).toBeVisible()
  })

  it('shows no counts before the jails are known', async () => {
    await show({ jails: null, runtime: undefined })
    expect(screen.getByRole('radio', { name: 'All' })).toBeChecked()
  })

  it('links to the connection if the configuration has no jail', async () => {
    await show({ jails: [] })
    expect(screen.getByRole('link', { name: 'Show the connection' })).toHaveAttribute(
      'href',
      '/settings?tab=fail2ban',
    )
    expect(screen.queryByRole('searchbox')).toBeNull()
  })

  it('says what would be here if nothing matches, and clears the filter', async () => {
    const { user } = await show({ path: '/jails?search=zzz' })
    await user.click(screen.getByRole('button', { name: 'Show all jails' }))
    await waitFor(() => expect(names()).toHaveLength(4))
  })
})
