import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { runtimeOf, statusOf } from '../../test/fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { LoadingNotice } from './loading-notice.tsx'

afterEach(() => vi.useRealTimers())

const loading = runtimeOf({ serverStatus: statusOf({ activity: 'loading' }) })

it('a load that takes longer than usual can be cancelled', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const { calls, sendRuntime } = renderPage(LoadingNotice, {
    runtime: loading,
    procedures: { 'server.cancelLoad': () => ({ cancelled: true }) },
  })
  await vi.advanceTimersByTimeAsync(4_000)
  expect(screen.queryByText(/still loading/)).toBeNull()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await screen.findByText(/still loading/)).toBeVisible()
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) })
  await user.click(screen.getByRole('button', { name: 'Cancel loading' }))
  await waitFor(() => expect(calls).toContain('server.cancelLoad'))
  sendRuntime(runtimeOf({ revision: 2 }))
  await waitFor(() => expect(screen.queryByText(/still loading/)).toBeNull())
})
