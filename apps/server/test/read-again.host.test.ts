import { readFile } from 'node:fs/promises'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

it('failures that a killed fail2ban reads again are counted once', async () => {
  await using daemon = await createPrivateDaemon({ jails: [{ name: 'sshd', maxretry: 50 }] })
  await daemon.start()
  await using bangui = await startBangui({ ...environmentOf(daemon), ...unattended })
  const { api } = await signIn(bangui.url)
  const failures = async () => (await api.stats.overview.query({ range: '24h' })).failures
  const found = async () => (await readFile(daemon.logfile, 'utf8')).split('Found 203.0.113.9').length - 1

  for (let count = 0; count < 6; count += 1) await daemon.logFailure('sshd', '203.0.113.9')
  await eventually(async () => expect([await found(), await failures()]).toEqual([6, 6]))
  await daemon.kill('SIGKILL')
  await daemon.logFailure('sshd', '203.0.113.9')
  await daemon.start()
  await eventually(async () => expect(await found()).toBe(6 + 7))
  await daemon.logFailure('sshd', '203.0.113.9')
  await eventually(async () => expect(await found()).toBe(6 + 7 + 1))
  await eventually(async () => expect(await failures()).toBe(8))
})
