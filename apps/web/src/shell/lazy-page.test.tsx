import { MemoryRouter, Route } from '@solidjs/router'
import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { defineLazyModule } from '../lib/lazy-module.ts'
import { noteServer } from '../lib/server-reach.ts'
import { lazyPage } from './lazy-page.tsx'
import { RouteView } from './route-view.tsx'

afterEach(() => noteServer(true))

test('a page that is not fetched waits for the server without blocking others, and opens automatically', async () => {
  const user = userEvent.setup()
  const Late = lazyPage(defineLazyModule(async () => () => <h1>Bans</h1>))
  render(() => (
    <MemoryRouter
      root={(props) => (
        <>
          <a href="/bans">To bans</a>
          <a href="/map">To map</a>
          <RouteView>{props.children}</RouteView>
        </>
      )}
    >
      <Route path="/" component={() => <h1>Overview</h1>} />
      <Route path="/map" component={() => <h1>Map</h1>} />
      <Route path="/bans" component={Late} />
    </MemoryRouter>
  ))
  await screen.findByRole('heading', { name: 'Overview' })
  noteServer(false)
  await user.click(screen.getByRole('link', { name: 'To bans' }))
  await screen.findByText('BanGUI does not answer')
  await user.click(screen.getByRole('link', { name: 'To map' }))
  await screen.findByRole('heading', { name: 'Map' })
  await user.click(screen.getByRole('link', { name: 'To bans' }))
  await screen.findByText(/It opens as soon as BanGUI answers/)
  noteServer(true)
  expect(await screen.findByRole('heading', { name: 'Bans' })).toBeVisible()
})
