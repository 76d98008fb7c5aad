import { resultOf } from '@bangui/async'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stageSwitch } from '../../test/changes.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'

/** A jail whose 60 bans take 6 s to end, longer than any request may take that is not known to be slow. */
async function startWithSlowBans(at: TestHost): Promise<void> {
  const action = '[Definition]\nactionban =\nactionunban = sleep 0.1\n'
  await writeFile(join(at.daemon.configDir, 'action.d', 'slow.conf'), action)
  await at.daemon.addJail({ name: 'slow', options: { action: 'slow' } })
  await at.daemon.start()
  await at.daemon.client(
    'set',
    'slow',
    'banip',
    ...Array.from({ length: 60 }, (_, index) => `192.0.2.${index}`),
  )
  await at.daemon.ask('set', 'app', 'banip', '198.51.100.1')
}

test.concurrent('a jail whose bans take long to end is switched off all the same', async () => {
  await using at = await createTestHost()
  await startWithSlowBans(at)
  const change = await stageSwitch(at.host, 'slow', false)
  const started = performance.now()
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({
    applied: true,
    output: null,
    failure: null,
  })
  expect(performance.now() - started).toBeGreaterThan(5000)
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect(await at.daemon.ask('get', 'app', 'banip')).toContain('198.51.100.1')
})

test.concurrent('a daemon that takes long to stop is waited for, and its bans come back with the restart', async () => {
  await using at = await createTestHost()
  await startWithSlowBans(at)
  expect(await resultOf(at.host.daemon.restart())).toMatchObject({ ok: true })
  const jails = await at.host.jails.list()
  expect(jails.find(({ name }) => name === 'slow')?.currentlyBanned).toBe(60)
})
