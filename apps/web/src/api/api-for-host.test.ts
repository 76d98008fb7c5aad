// @vitest-environment node
import { expect, it } from 'vitest'
import { createFakeApi } from '../../test/fake-api.ts'
import { apiForHost, hostKeyOf } from './api-for-host.ts'

function setUp() {
  const { api, calls } = createFakeApi({
    'jails.list': () => [],
    'bans.unban': () => ({ unbanned: 1, absent: 0 }),
    'recovery.rollback': () => ({ restored: [], started: true, online: true, output: null }),
    'health.list': () => [],
    'settings.update': () => [],
  })
  return { api, calls }
}

it('calls of the API of a host name the host, where a host can be meant', async () => {
  const { api, calls } = setUp()
  const ofHost = apiForHost(api, 'web1')
  await ofHost.jails.list.query()
  await ofHost.bans.unban.mutate({ addresses: ['192.0.2.1'] })
  await ofHost.recovery.rollback.mutate()
  await ofHost.health.list.query()
  await ofHost.settings.update.mutate({ probeIntervalSeconds: 5 })
  expect(calls).toEqual([
    'jails.list {"host":"web1"}',
    'bans.unban {"addresses":["192.0.2.1"],"host":"web1"}',
    'recovery.rollback {"host":"web1"}',
    'health.list {"host":"web1"}',
    'settings.update {"probeIntervalSeconds":5}',
  ])
})

it('the API of the default host is the API itself, and each host has one', () => {
  const { api } = setUp()
  expect(apiForHost(api, undefined)).toBe(api)
  expect(apiForHost(api, 'web1')).toBe(apiForHost(api, 'web1'))
  expect(apiForHost(api, 'web1')).not.toBe(apiForHost(api, 'web2'))
  expect([hostKeyOf(api), hostKeyOf(apiForHost(api, 'web1'))]).toEqual([[], [{ host: 'web1' }]])
})
