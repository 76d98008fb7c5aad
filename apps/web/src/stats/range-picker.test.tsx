import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { T0 } from '../../test/fixtures.ts'
import { statsProcedures } from '../../test/stats-fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { MapPage } from '../features/map/map-page.tsx'

const HOUR = 3_600_000

function show(from: number) {
  const path = `/map?country=DE&from=${from}&to=${from + HOUR}`
  return { ...renderPage(MapPage, { path, procedures: statsProcedures }), user: userEvent.setup() }
}

const pathOf = (from: number) => `/map?country=DE&from=${from}&to=${from + HOUR}`

it('the range picker moves a range earlier and later, by click and by arrow keys', async () => {
  const { user, history } = show(T0)
  await user.click(screen.getByRole('button', { name: 'Earlier' }))
  expect(history.get()).toBe(pathOf(T0 - HOUR))
  await user.keyboard('{ArrowLeft}')
  expect(history.get()).toBe(pathOf(T0 - 2 * HOUR))
  await user.keyboard('{ArrowRight}{ArrowRight}')
  expect(history.get()).toBe(pathOf(T0))
  expect(screen.getByRole('button', { name: 'Earlier' })).toHaveFocus()
  await user.click(screen.getByRole('button', { name: 'Later' }))
  expect(history.get()).toBe(pathOf(T0 + HOUR))
})

it('the range picker does not move a range beyond now', async () => {
  const now = Date.now()
  const { user, history } = show(now + HOUR)
  const later = screen.getByRole('button', { name: 'Later' })
  expect(later).toHaveAttribute('aria-disabled', 'true')
  await user.click(later)
  expect(history.get()).toBe(pathOf(now + HOUR))
})

it('the range picker cannot move a named range', async () => {
  const { user } = show(T0)
  await user.click(screen.getByRole('button', { name: /^Show the last 24 hours/ }))
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Earlier' })).not.toBeInTheDocument())
})
