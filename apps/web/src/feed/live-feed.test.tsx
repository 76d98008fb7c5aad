import type { Event } from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { runtimeOf, T0 } from '../../test/fixtures.ts'
import { QueryProvider } from '../api/query-provider.tsx'
import { type PageOptions, renderPage } from '../../test/render-page.tsx'
import { LiveFeed, type LiveFeedProps } from './live-feed.tsx'

const banned = (address: string, jail = 'sshd'): Event => ({ type: 'ban.added', at: T0, jail, address })
const found = (address: string): Event => ({ type: 'failure.found', at: T0, jail: 'sshd', address })

function show(props: LiveFeedProps = {}, earlier: readonly Event[] | Error = [], options: PageOptions = {}) {
  const answer = () => {
    if (earlier instanceof Error) throw earlier
    return earlier.map((event, index) => ({ seq: 9 - index, event }))
  }
  const page = renderPage(
    () => (
      <QueryProvider>
        <LiveFeed {...props} />
      </QueryProvider>
    ),
    { ...options, procedures: { 'history.events': answer } },
  )
  const happen = (...events: Event[]) =>
    page.live.send({ type: 'events', host: 'local', events, counts: { 'ban.added': events.length } })
  return { ...page, happen, user: userEvent.setup() }
}

const rows = () => within(screen.getByRole('list')).getAllByRole('listitem')
const addresses = () => rows().map((row) => within(row).getAllByRole('link')[0]?.textContent)

describe('the live feed', () => {
  it('shows events as they happen, the newest first, with links', async () => {
    const { happen } = show()
    await waitFor(() => expect(rows()[0]).toHaveTextContent('Nothing has happened'))
    happen(found('192.0.2.1'), banned('192.0.2.1'))
    await waitFor(() => expect(rows()).toHaveLength(2))
    expect(rows()[0]).toHaveTextContent('Banned')
    expect(screen.getAllByRole('link', { name: '192.0.2.1' })[0]).toHaveAttribute(
      'href',
      '/addresses/192.0.2.1',
    )
  })

  it('begins with earlier events, and shows no event twice', async () => {
    const { happen } = show({}, [banned('192.0.2.2'), banned('192.0.2.1')])
    happen(banned('192.0.2.2'))
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.2', '192.0.2.1']))
    happen(banned('192.0.2.3'))
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.3', '192.0.2.2', '192.0.2.1']))
  })

  it('queries earlier events of its kind, because the last events can all be of another kind', async () => {
    const { calls } = show({ filter: { kind: 'failure', jail: 'sshd' } }, [found('192.0.2.1')])
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.1']))
    expect(calls).toEqual([
      'history.events {"jail":"sshd","types":["failure.found","failure.ignored"],"limit":100}',
    ])
  })

  it('queries earlier events once the stream has begun, so that none is missed', async () => {
    const { live, calls } = show({}, [banned('192.0.2.1')], { runtime: undefined })
    await new Promise((resolve) => setTimeout(resolve))
    expect(calls).toEqual([])
    live.send({ type: 'snapshot', host: 'local', runtime: runtimeOf(), jails: null, operations: [] })
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.1']))
  })

  it('does not say that nothing happened before it has a reply', async () => {
    show({}, new Error('no history today'))
    expect(screen.queryByText(/Nothing has happened/)).toBeNull()
    expect(await screen.findByText(/Earlier events could not be loaded/)).toBeTruthy()
  })

  it('shows earlier events even under the pointer', async () => {
    const { user } = show({}, [banned('192.0.2.1')])
    await user.hover(screen.getByRole('list'))
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.1']))
  })

  it('adds no rows while it is paused, and counts new events', async () => {
    const { happen, user } = show()
    happen(banned('192.0.2.1'))
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.1']))
    await user.click(screen.getByRole('button', { name: 'Pause' }))
    happen(banned('192.0.2.2'), banned('192.0.2.3'))
    const fresh = await screen.findByRole('button', { name: '2 new' })
    expect(addresses()).toEqual(['192.0.2.1'])
    await user.click(fresh)
    expect(addresses()).toEqual(['192.0.2.3', '192.0.2.2', '192.0.2.1'])
    expect(screen.queryByRole('button', { name: /new/ })).not.toBeInTheDocument()
  })

  it('adds no rows under the pointer, and continues afterwards', async () => {
    const { happen, user } = show()
    happen(banned('192.0.2.1'))
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.1']))
    await user.hover(screen.getByRole('list'))
    happen(banned('192.0.2.2'))
    await screen.findByRole('button', { name: '1 new' })
    expect(addresses()).toEqual(['192.0.2.1'])
    await user.hover(document.body)
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.2', '192.0.2.1']))
  })

  it('shows only events of its filter, and no more than fit', async () => {
    const { happen } = show({ filter: { kind: 'ban', jail: 'sshd', search: '192.0' }, rows: 2 })
    happen(
      banned('192.0.2.1'),
      found('192.0.2.9'),
      banned('192.0.2.2', 'nginx'),
      banned('198.51.100.1'),
      banned('192.0.2.3'),
      banned('192.0.2.4'),
    )
    await waitFor(() => expect(addresses()).toEqual(['192.0.2.4', '192.0.2.3']))
  })
})
