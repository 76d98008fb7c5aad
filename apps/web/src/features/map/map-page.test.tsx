import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { insightProcedures } from '../../../test/insight-fixtures.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { MapPage } from './map-page.tsx'

const show = (path = '/map') => ({
  ...renderPage(MapPage, { path, procedures: insightProcedures }),
  user: userEvent.setup(),
})

const worldMap = () => screen.findByRole('application', {}, { timeout: 5_000 })

describe('the map', () => {
  it('lists the countries beside it', async () => {
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
    expect(screen.getByRole('link', { name: 'All activity of this country' })).toHaveAttribute(
      'href',
      '/activity?country=CN&range=all',
    )
    await user.click(screen.getByRole('button', { name: 'Show all countries' }))
    await waitFor(() => expect(history.get()).toBe('/map?range=all'))
  })

  it('shows the bans of an unknown place too', async () => {
    const { calls } = show('/map?range=all&country=%3F%3F')
    expect(await screen.findByRole('list', { name: 'Bans of Unknown, newest first' })).toBeVisible()
    expect(calls.some((call) => call.includes('"country":"??"'))).toBe(true)
  })
})
