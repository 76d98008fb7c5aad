import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { banOf, T0 } from '../../../test/fixtures.ts'
import { statsProcedures } from '../../../test/stats-fixtures.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { MapPage } from './map-page.tsx'

const numbers: Readonly<Record<string, readonly object[]>> = {
  addresses: [
    { key: 'DE', bans: 100, addresses: 50, asOf: T0 },
    { key: 'CN', bans: 700, addresses: 4, asOf: T0 },
  ],
  active: [{ key: 'FR', bans: 3, addresses: 1, asOf: T0 }],
}

const procedures = {
  ...statsProcedures,
  'stats.byCountry': (input: unknown) =>
    numbers[(input as { measure?: string }).measure ?? ''] ?? statsProcedures['stats.byCountry']?.(input),
  'bans.list': () => ({ rows: [banOf('192.0.2.7', { country: 'FR' })], total: 1, nextCursor: null }),
}

const show = (path = '/map') => ({
  ...renderPage(MapPage, { path, procedures }),
  user: userEvent.setup(),
})

const worldMap = () => screen.findByRole('application')

describe('the map page', () => {
  it('lists the countries beside the map', async () => {
    show()
    const countries = await screen.findByRole('list', { name: 'Countries' })
    expect(within(countries).getByRole('link', { name: 'China' })).toHaveAttribute('href', '/map?country=CN')
    expect(countries).toHaveTextContent('Unknown')
  })

  it('opens a country by keyboard to its bans, and closes it', async () => {
    const { user, history, calls } = show('/map?range=all')
    const map = await worldMap()
    map.focus()
    await user.keyboard('{PageDown}{Enter}')
    expect(history.get()).toBe('/map?range=all&country=CN')
    expect(await screen.findByRole('list', { name: 'Bans of China, newest first' })).toHaveTextContent(
      '192.0.2.1',
    )
    expect(calls).toContain('history.list {"source":"archive","country":"CN","cursor":null,"limit":50}')
    expect(screen.getByRole('link', { name: 'All activity from this country' })).toHaveAttribute(
      'href',
      '/activity?country=CN&range=all',
    )
    await user.click(screen.getByRole('button', { name: 'Show all countries' }))
    await waitFor(() => expect(history.get()).toBe('/map?range=all'))
  })

  it.each([
    ['/map?range=7d&country=DE', '100 bans in the last 7 days'],
    ['/map?range=7d&country=JP', '0 bans in the last 7 days'],
    ['/map?range=7d&country=DE&measure=addresses', '50 addresses banned in the last 7 days'],
    ['/map?country=FR&measure=active', '1 address banned now'],
  ])('shows the total of a country: %s', async (path, words) => {
    show(path)
    expect(await screen.findByText(words)).toBeVisible()
  })

  it('shows the bans of unknown countries too', async () => {
    const { calls } = show('/map?range=all&country=%3F%3F')
    expect(await screen.findByRole('list', { name: 'Bans of Unknown, newest first' })).toBeVisible()
    expect(calls.some((call) => call.includes('"country":"??"'))).toBe(true)
  })

  it('shades the map and the list by the chosen measure', async () => {
    const { user, history, calls } = show('/map?range=7d')
    const countries = await screen.findByRole('list', { name: 'Countries' })
    expect(await screen.findByRole('figure', { name: 'Bans by country in the last 7 days' })).toBeVisible()
    await user.click(screen.getByRole('radio', { name: 'Addresses' }))
    expect(history.get()).toBe('/map?range=7d&measure=addresses')
    await waitFor(() => expect(countries).toHaveTextContent(/Germany.*50 addresses.*China.*4 addresses/))
    const name = 'Banned addresses by country in the last 7 days'
    const map = await screen.findByRole('figure', { name })
    await user.click(within(map).getByRole('button', { name: 'Table' }))
    expect(within(map).getByRole('columnheader', { name: 'Addresses' })).toBeVisible()
    expect(calls.filter((call) => call.startsWith('stats.byCountry'))).toEqual([
      'stats.byCountry {"range":"7d","source":"archive","limit":500}',
      'stats.byCountry {"range":"7d","source":"archive","measure":"addresses","limit":500}',
    ])
  })

  it('shows the active bans, whatever range and source are chosen', async () => {
    const { calls, user, history } = show(`/map?from=1&to=2&source=live&measure=active`)
    expect(await screen.findByRole('figure', { name: 'Addresses banned now by country' })).toBeVisible()
    expect(calls).toContain(
      'stats.byCountry {"range":"24h","source":"archive","measure":"active","limit":500}',
    )
    await user.click(await screen.findByRole('link', { name: 'France' }))
    expect(history.get()).toBe('/map?country=FR&measure=active&from=1&to=2&source=live')
    expect(await screen.findByRole('list', { name: 'Bans of France, newest first' })).toHaveTextContent(
      '192.0.2.7',
    )
    expect(calls.find((call) => call.startsWith('bans.list'))).toContain('"search":"country:FR"')
    expect(calls.some((call) => call.startsWith('history.list'))).toBe(false)
    expect(screen.getByRole('link', { name: 'All active bans from this country' })).toHaveAttribute(
      'href',
      '/bans?search=country%3AFR',
    )
  })

  it('keeps its measure when the trend below shows failures', async () => {
    const { user, history } = show('/map?measure=active')
    await user.click(await screen.findByRole('radio', { name: 'Failures' }))
    expect(history.get()).toBe('/map?measure=active&trend=failures')
  })

  it('shows bans if the measure in the URL is invalid', async () => {
    show('/map?measure=toString')
    expect(await screen.findByRole('figure', { name: /^Bans by country/ })).toBeVisible()
  })
})
