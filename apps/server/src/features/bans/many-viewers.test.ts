import { expect, it } from 'vitest'
import { createAdmin, createTestDeps } from '../../../test/create-test-deps.ts'
import type { FakeHost } from '../../../test/fake-host.ts'

/** Notes each verb of a host that is called from now on. */
function noteCalls(host: FakeHost): string[] {
  const calls: string[] = []
  for (const [name, verb] of Object.entries(host)) {
    if (typeof verb !== 'function') continue
    const noted = (...args: unknown[]) => {
      calls.push(name)
      return (verb as (...given: unknown[]) => unknown).apply(host, args)
    }
    Object.defineProperty(host, name, { value: noted })
  }
  return calls
}

it('the daemon is asked nothing, however many look at the bans and at what was', async () => {
  await using test = await createTestDeps()
  const visitor = await createAdmin(test.deps)
  const page = { rows: [], total: 0, nextCursor: null }
  Object.assign(test.archive, {
    listActive: async () => page,
    listHistory: async () => page,
    byJail: async () => [],
  })
  const calls = noteCalls(test.host)
  for (let viewer = 0; viewer < 50; viewer += 1)
    await visitor.call((api) =>
      Promise.all([
        api.bans.list({ search: '45.0.0.0/8', offset: viewer }),
        api.bans.counts(),
        api.bans.lost(),
        api.server.status(),
        api.history.list({}),
        api.history.events({}),
        api.stats.byJail({ range: '24h' }),
      ]),
    )
  for (let viewer = 0; viewer < 10; viewer += 1) {
    const stream = await visitor.call((api) => api.live.watch())
    await stream[Symbol.asyncIterator]().next()
  }
  test.deps.streams.endAll()
  expect(calls).toEqual([])
})
