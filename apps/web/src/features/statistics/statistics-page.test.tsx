import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { T0 } from '../../../test/fixtures.ts'
import { statsProcedures } from '../../../test/stats-fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { StatisticsPage } from './statistics-page.tsx'

async function show(options: PageOptions = {}) {
  const page = renderPage(StatisticsPage, options)
  await screen.findByRole('heading', { name: 'Statistics' })
  return { ...page, user: userEvent.setup() }
}

describe('the statistics', () => {
  it('marks the previous result as outdated while a query is pending', async () => {
    const gate = Promise.withResolvers<void>()
    const { user } = await show({
      procedures: {
        ...statsProcedures,
        'stats.byJail': async (input) => {
          if ((input as { range: unknown }).range === '7d') await gate.promise
          return [{ key: (input as { range: string }).range, bans: 1, failures: 0, asOf: T0 }]
        },
      },
    })
    const list = await screen.findByRole('list', { name: 'By jail' })
    expect(list).toHaveTextContent('24h')
    await user.click(screen.getByRole('radio', { name: '7 d' }))
    await waitFor(() => expect(list.closest('[aria-busy=true]')).not.toBeNull())
    expect(list).toHaveTextContent('24h')
    gate.resolve()
    await waitFor(() => expect(screen.getByRole('list', { name: 'By jail' })).toHaveTextContent('7d'))
    expect(screen.getByRole('list', { name: 'By jail' }).closest('[aria-busy=true]')).toBeNull()
  })

  it('links from each list to what is behind its rows', async () => {
    await show({ procedures: statsProcedures })
    expect(await screen.findByRole('link', { name: '192.0.2.0/24' })).toHaveAttribute(
      'href',
      '/addresses/192.0.2.0%2F24',
    )
    expect(screen.getByRole('link', { name: '192.0.2.1' })).toHaveAttribute('href', '/addresses/192.0.2.1')
    const byJail = await screen.findByRole('list', { name: 'By jail' })
    expect(within(byJail).getByRole('link', { name: 'nginx' })).toHaveAttribute(
      'href',
      '/activity?jail=nginx',
    )
    expect(screen.getByText('Nobody was banned three times or more.')).toBeVisible()
  })

  it('say since when bans are recorded in an empty list', async () => {
    const since = new Date(2026, 4, 1, 9, 5).getTime()
    await show({
      path: '/?range=all',
      procedures: {
        ...statsProcedures,
        'stats.recorded': () => ({ bans: since, failures: since, singleBans: since }),
        'stats.topNetworks': () => [],
      },
    })
    const networks = screen.getByRole('region', { name: 'Networks' })
    await waitFor(() =>
      expect(networks).toHaveTextContent(
        /^.*No bans since recording began\. Bans have been recorded since .*9:05/,
      ),
    )
  })
})
