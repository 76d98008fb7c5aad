import { expect, it, onTestFinished, vi } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { getOverview, LIVE_FIGURES_TIMEOUT_MS } from './stats.service.ts'

it("numbers of fail2ban's own database are given up where it does not answer in time", async () => {
  await using test = await createTestDeps()
  test.host.history.count = () => new Promise(() => undefined)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const refused = getOverview(
    { ...test.deps, scope: [test.deps] },
    { range: '24h', source: 'live' },
    undefined,
  ).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(LIVE_FIGURES_TIMEOUT_MS)
  expect(await refused).toMatchObject({
    code: 'database_of_daemon_unavailable',
    message: expect.stringContaining('within 60 seconds'),
  })
})
