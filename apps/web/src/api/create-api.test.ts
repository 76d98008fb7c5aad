// @vitest-environment node
import { expect, it } from 'vitest'
import { createApi } from './create-api.ts'

/** A server that replies when the test says so. */
function createSlowServer() {
  const held = new Map<string, () => void>()
  const answer: typeof fetch = async (target) => {
    const paths = new URL(target instanceof Request ? target.url : target).pathname.replace('/trpc/', '')
    await new Promise<void>((resolve) => held.set(paths, resolve))
    return Response.json(paths.split(',').map((path) => ({ result: { data: path } })))
  }
  return { held, api: createApi({ url: 'http://bangui.test/trpc', fetch: answer }) }
}

it('a quick request does not wait for slow counting or searching', async () => {
  const { api, held } = createSlowServer()
  const range = { range: 'all' } as const
  const overview = api.stats.overview.query(range)
  const addresses = api.stats.topAddresses.query(range)
  const history = api.history.list.query({})
  const trend = api.stats.trend.query(range)
  const jails = api.stats.byJail.query(range)
  await expect.poll(() => [...held.keys()]).toHaveLength(3)
  held.get('stats.trend,stats.byJail')?.()
  expect(await trend).toBe('stats.trend')
  expect(await jails).toBe('stats.byJail')
  held.get('history.list')?.()
  expect(await history).toBe('history.list')
  held.get('stats.overview,stats.topAddresses')?.()
  expect(await Promise.all([overview, addresses])).toEqual(['stats.overview', 'stats.topAddresses'])
})
