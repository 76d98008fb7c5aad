import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router'
import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { Link } from './link.tsx'

it('a link leads to a page below the base path, without reloading BanGUI', async () => {
  const history = createMemoryHistory()
  history.set({ value: '/ban/' })
  render(() => (
    <MemoryRouter base="/ban" history={history}>
      <Route path="/" component={() => <Link href="/jails?filter=off">Off</Link>} />
      <Route path="/jails" component={() => <h1>Jails</h1>} />
    </MemoryRouter>
  ))
  const link = await screen.findByRole('link', { name: 'Off' })
  expect(link).toHaveAttribute('href', '/ban/jails?filter=off')
  await userEvent.click(link)
  expect(await screen.findByRole('heading', { name: 'Jails' })).toBeVisible()
  expect(history.get()).toBe('/ban/jails?filter=off')
})
