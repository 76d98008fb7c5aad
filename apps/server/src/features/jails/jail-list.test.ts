import type { ConfigNotice } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { redactSnapshot } from '../../redact-by-role.ts'
import { snapshotOf } from '../../state/runtime-state.ts'

const notice: ConfigNotice = {
  kind: 'refused',
  file: '/etc/fail2ban/jail.local',
  line: 3,
  jail: 'web',
  message: 'failregex: “%” must be written “%%”.',
  output: 'Raw value: secret',
}

it('a look at the jails brings the notices about the configuration, also where no jail can be listed', async () => {
  const host = createFakeHost({
    config: { listNotices: async () => [notice] },
  })
  using test = createServiceDeps(host)
  await test.deps.jails.refresh()
  expect(test.state.get().configNotices).toEqual([notice])
  host.config.listNotices = async () => []
  host.jails.list = () => Promise.reject(new Error('no configuration'))
  await expect(test.deps.jails.refresh()).rejects.toThrow('no configuration')
  expect(test.state.get().configNotices).toEqual([])
})

it('the jails are listed where the notices cannot be read', async () => {
  const host = createFakeHost({
    config: { listNotices: () => Promise.reject(new Error('out of memory')) },
  })
  using test = createServiceDeps(host)
  expect(await test.deps.jails.refresh()).toHaveLength(1)
})

it("fail2ban's own words about the configuration are for administrators", async () => {
  using test = createServiceDeps(
    createFakeHost({
      config: { listNotices: async () => [notice] },
    }),
  )
  await test.deps.jails.refresh()
  expect(redactSnapshot(snapshotOf(test.state.get()), 'admin').configNotices).toEqual([notice])
  for (const role of ['operator', 'viewer'] as const)
    expect(redactSnapshot(snapshotOf(test.state.get()), role).configNotices).toEqual([
      { ...notice, output: null },
    ])
})
