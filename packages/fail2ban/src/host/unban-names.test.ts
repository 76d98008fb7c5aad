import { expect, test } from 'vitest'
import { bannedIn } from '../../test/with-host.ts'
import { createPrivateDaemon } from '../private-daemon.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import type { HostLock } from './host-lock.ts'
import { createBansRestored } from './bans-restored.ts'
import { unbanNames } from './unban-names.ts'

/** A real fail2ban with bans, and something that happens between looking for them and ending them. */
async function setUp(bans: readonly string[], meanwhile: { unban: string; ban: readonly string[] }) {
  const stack = new AsyncDisposableStack()
  const daemon = stack.use(await createPrivateDaemon({ jails: [{ name: 'app' }] }))
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  stack.defer(() => connection.close())
  await daemon.start()
  await daemon.ask('set', 'app', 'banip', ...bans)
  const lock: Pick<HostLock, 'change' | 'step'> = {
    change: (work) => work(),
    async step(work) {
      await daemon.ask('set', 'app', 'unbanip', meanwhile.unban)
      await daemon.ask('set', 'app', 'banip', ...meanwhile.ban)
      return work()
    },
  }
  const restored = createBansRestored({ ...daemon, connection }, 10)
  const unban = (names: readonly string[]) =>
    unbanNames({ connection }, { jail: 'app', names, lock, restored }, {})
  const banned = async () => (await bannedIn({ daemon }, 'app')).toSorted()
  return { unban, banned, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('a name whose ban ends in the meantime is not taken for the host that it names', async () => {
  const bans = ['localhost', 'example', '127.0.0.1']
  await using at = await setUp(bans, { unban: 'localhost', ban: ['127.0.0.1'] })
  expect(await at.unban(['localhost', 'example'])).toEqual({ unbanned: 1, absent: 0, isComplete: true })
  expect(await at.banned()).toEqual(['127.0.0.1'])
})

test('a network ends its own ban alone, and none when that ends in the meantime', async () => {
  const bans = ['45.7.7.0/24', '45.8.8.0/24']
  await using at = await setUp(bans, { unban: '45.7.7.0/24', ban: ['45.7.7.9', '45.8.8.9'] })
  const names = [...bans, '45.9.9.0/24']
  expect(await at.unban(names)).toEqual({ unbanned: 1, absent: 1, isComplete: true })
  expect(await at.banned()).toEqual(['45.7.7.9', '45.8.8.9'])
})
