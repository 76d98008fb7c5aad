import { expect, it } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { updateJail } from './tune-jail.ts'

it('a new bantime of a jail is known before the next ban, however slowly fail2ban writes its log', async () => {
  await using test = await createTestDeps()
  const daemon = { bantime: 600 }
  test.host.jails.listBantimes = async () => [['sshd', daemon.bantime]]
  test.host.jails.tune = async (_jail, { bantime = 600 }) => void (daemon.bantime = bantime)
  await test.deps.bantimes.refresh()
  await updateJail(
    test.deps,
    { name: 'sshd', permanent: false, force: false, maxretry: 3 },
    { operationId: 'first' },
  )
  expect(test.deps.bantimes.get('sshd')).toBe(600)
  await updateJail(
    test.deps,
    { name: 'sshd', permanent: false, force: false, bantime: '2h' },
    { operationId: 'second' },
  )
  expect(test.deps.bantimes.get('sshd')).toBe(7_200)
})
