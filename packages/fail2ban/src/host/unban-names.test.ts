import { expect, test } from 'vitest'
import { createPrivateDaemon } from '../private-daemon.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import type { Gate } from './exclusive.ts'
import { unbanNames } from './unban-names.ts'

test('a name whose ban ends in the meantime is not taken for the host that it names', async () => {
  const daemon = await createPrivateDaemon({ jails: [{ name: 'app' }] })
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  try {
    await daemon.start()
    await daemon.client('set', 'app', 'banip', 'localhost', 'example', '127.0.0.1')
    const gate: Gate = {
      change: (work) => work(),
      async unit(work) {
        await daemon.client('set', 'app', 'unbanip', 'localhost')
        await daemon.client('set', 'app', 'banip', '127.0.0.1')
        return work()
      },
    }
    const wish = { jail: 'app', names: ['localhost', 'example'], gate }
    expect(await unbanNames({ connection }, wish, {})).toEqual({ unbanned: 1, absent: 0, isComplete: true })
    expect((await daemon.client('get', 'app', 'banip')).output.trim()).toBe('127.0.0.1')
  } finally {
    await connection.close()
    await daemon.dispose()
  }
})
