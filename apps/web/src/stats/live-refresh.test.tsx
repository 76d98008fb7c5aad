import { screen } from '@solidjs/testing-library'
import { For, type JSX } from 'solid-js'
import { afterEach, expect, it, vi } from 'vitest'
import { statsProcedures } from '../../test/stats-fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { QueryProvider } from '../api/query-provider.tsx'
import { useLiveRefresh } from './live-refresh.ts'
import { TopCard } from './top-card.tsx'
import { useRange } from './use-range.ts'

function Lists(): JSX.Element {
  const state = useRange()
  useLiveRefresh(state)
  return (
    <For each={['topAddresses', 'repeatOffenders'] as const}>
      {(verb) => (
        <TopCard
          title={verb}
          verb={verb}
          state={state}
          row={({ key, bans }) => ({ key, label: key, value: bans })}
        />
      )}
    </For>
  )
}

const show = () =>
  renderPage(
    () => (
      <QueryProvider>
        <Lists />
      </QueryProvider>
    ),
    { procedures: statsProcedures },
  )

afterEach(() => void vi.useRealTimers())

it('the top lists are fetched once more when the last event must be in them', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const { live, calls } = show()
  await screen.findByText('192.0.2.1')
  const asked = () => calls.filter((call) => call.startsWith('stats.topAddresses')).length
  await vi.advanceTimersByTimeAsync(70_000)
  const before = asked()
  live.send({ type: 'events', host: 'local', events: [], counts: { 'ban.added': 3 } })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked()).toBe(before + 1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked()).toBe(before + 2)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(asked()).toBe(before + 2)
})

it('says who is a repeat offender, also where there are some', async () => {
  show()
  expect(await screen.findByText('Banned three times or more.')).toBeVisible()
})
