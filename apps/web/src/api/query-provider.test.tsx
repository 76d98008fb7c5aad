import { screen } from '@solidjs/testing-library'
import { afterEach, expect, it, vi } from 'vitest'
import { runtimeOf } from '../../test/fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { useApi } from './api-context.tsx'
import { QueryProvider } from './query-provider.tsx'
import { useQuery } from './use-query.ts'

afterEach(() => void vi.useRealTimers())

function Total() {
  const api = useApi()
  const query = useQuery(() => ({ queryKey: ['addresses', 'x'], queryFn: () => api.bans.list.query({}) }))
  return <p>{query.data?.total} bans</p>
}

it('visible queries are fetched once more when the live stream has begun', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  let total = 1
  const { live } = renderPage(
    () => (
      <QueryProvider>
        <Total />
      </QueryProvider>
    ),
    { runtime: undefined, procedures: { 'bans.list': () => ({ rows: [], total, nextCursor: null }) } },
  )
  await screen.findByText('1 bans')
  total = 2
  await vi.advanceTimersByTimeAsync(3_000)
  expect(screen.getByText('1 bans')).toBeVisible()
  live.send({ type: 'snapshot', host: 'local', runtime: runtimeOf(), jails: null, operations: [] })
  await vi.advanceTimersByTimeAsync(1_100)
  expect(await screen.findByText('2 bans')).toBeVisible()
})
