import { expect, it } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { listTunedJails } from './tuned-jails.ts'

it('what was set in BanGUI until the next load is known by jail, the newest value of each option', async () => {
  await using test = await createTestDeps()
  const { operations, hostDb, id, key } = test.deps
  const change = (params: object, fail = false) =>
    operations
      .run(
        {
          kind: 'jail.update',
          title: 'Changing jail',
          actor: { kind: 'user', name: 'anna' },
          params,
          total: null,
          cancellable: false,
          host: { id, key },
        },
        async () => {
          if (fail) throw new Error('refused')
        },
      )
      .catch(() => undefined)
  await change({ name: 'sshd', permanent: false, maxretry: 4, bantime: '2h', addIgnored: ['192.0.2.7'] })
  await change({ name: 'sshd', permanent: false, maxretry: 9, removeIgnored: ['198.51.100.1'] })
  await change({ name: 'nginx', permanent: true, maxretry: 2 })
  await change({ name: 'nginx', permanent: false, maxretry: 3 }, true)
  expect(await listTunedJails(hostDb)).toEqual([
    {
      jail: 'sshd',
      numbers: { maxretry: 9, bantime: 7_200 },
      added: ['192.0.2.7'],
      removed: ['198.51.100.1'],
    },
  ])
})
