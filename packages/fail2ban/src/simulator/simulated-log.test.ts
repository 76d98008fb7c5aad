import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { withSimulator } from '../../test/with-simulator.ts'
import { parseLogLine } from '../events/parse-log-line.ts'
import { createSimulatedLog } from './simulated-log.ts'

async function logPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-log-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'fail2ban.log')
}

test('a simulator logs what it does as fail2ban would, and says where', async () => {
  const logFile = await logPath()
  let now = new Date(2026, 0, 1, 12, 0, 0).getTime()
  const jails = [{ name: 'sshd', maxretry: 2, bantime: 60 }]
  await using host = await withSimulator({ logFile, jails, now: () => now })
  expect(await host.connection.request(['get', 'logtarget'])).toBe(logFile)
  host.simulator.addFailure('sshd', '192.0.2.1')
  host.simulator.addFailure('sshd', '192.0.2.1')
  host.simulator.ban('sshd', '2001:db8::1')
  await host.connection.request(['set', 'sshd', 'unbanip', '2001:db8::1'], { write: true })
  now += 60_000
  host.simulator.listBans('sshd')
  await host.simulator.stop()
  const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n')
  const failedAt = { text: '2026-01-01 12:00:00', milliseconds: 0 }
  expect(lines.map((line) => parseLogLine(line)?.fact)).toEqual([
    { type: 'jail', jail: 'sshd', change: 'started' },
    { type: 'daemon', online: true, version: '1.1.0' },
    { type: 'failure', jail: 'sshd', address: '192.0.2.1', failedAt },
    { type: 'failure', jail: 'sshd', address: '192.0.2.1', failedAt },
    { type: 'ban', jail: 'sshd', address: '192.0.2.1', restored: false },
    { type: 'ban', jail: 'sshd', address: '2001:db8::1', restored: false },
    { type: 'unban', jail: 'sshd', address: '2001:db8::1' },
    { type: 'unban', jail: 'sshd', address: '192.0.2.1' },
    { type: 'daemon', online: false, version: null },
  ])
})

test('its log stays within its bound', async () => {
  const path = await logPath()
  const writeLog = createSimulatedLog({ path, now: Date.now, maxBytes: 500 })
  for (let n = 0; n < 100; n += 1) writeLog({ type: 'ban', jail: 'sshd', address: '192.0.2.1' })
  const { size } = await stat(path)
  expect(size).toBeGreaterThan(0)
  expect(size).toBeLessThan(700)
})
