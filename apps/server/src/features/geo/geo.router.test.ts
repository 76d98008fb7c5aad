import { describe, expect, it } from 'vitest'
import {
  createAdmin,
  createTestDeps,
  createVisitor,
  refusalOf,
  testMachine,
} from '../../../test/create-test-deps.ts'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { loadConfig } from '../../config.ts'
import { geoJobs } from './geo-jobs.ts'

async function setUp() {
  const test = await createTestDeps()
  const geo = createFakeGeo({ '8.8.8.8': 'US' })
  const deps = { ...test.deps, geo }
  return { ...test, geo, deps, visitor: await createAdmin(deps) }
}

describe('geo.lookup', () => {
  it('returns the places of many addresses, in their order', async () => {
    await using test = await setUp()
    const addresses = ['5.5.5.5', '8.8.8.8']
    expect(await test.visitor.call((api) => api.geo.lookup({ addresses }))).toMatchObject([
      { address: '5.5.5.5', country: null },
      { address: '8.8.8.8', country: 'US' },
    ])
  })

  it('takes 500 addresses at most, from people who are signed in', async () => {
    await using test = await setUp()
    const addresses = Array<string>(501).fill('8.8.8.8')
    expect(await refusalOf(test.visitor.call((api) => api.geo.lookup({ addresses })))).toMatchObject({
      code: 'BAD_REQUEST',
    })
    const stranger = createVisitor(test.deps)
    expect(await refusalOf(stranger.call((api) => api.geo.lookup({ addresses: [] })))).toMatchObject({
      reason: 'no_session',
    })
  })
})

it('geo.status returns where the answers come from', async () => {
  await using test = await setUp()
  expect(await test.visitor.call((api) => api.geo.status())).toMatchObject({ provider: 'none' })
})

it('the service is off until somebody switches it on, and then it is ip-api.com over plain HTTP', () => {
  const { runtime, geoServiceUrl } = loadConfig({}, testMachine)
  expect([runtime.geoServiceEnabled, geoServiceUrl]).toEqual([false, 'http://ip-api.com/batch'])
  expect(loadConfig({ BANGUI_GEO_SERVICE_ENABLED: 'true' }, testMachine).runtime.geoServiceEnabled).toBe(true)
})

describe('the nightly clean-up', () => {
  it.each([
    [3, 'info'],
    [0, 'debug'],
  ])('logs that %i answers were deleted as %s', async (deleted, level) => {
    await using test = await setUp()
    test.geo.cleanup = async () => deleted
    const job = geoJobs(test.deps).find(({ name }) => name === 'geo_cache_cleanup')
    await job?.run(new AbortController().signal)
    expect(test.lines).toContainEqual({ level, event: 'geo_cache_cleanup', deleted })
  })
})
