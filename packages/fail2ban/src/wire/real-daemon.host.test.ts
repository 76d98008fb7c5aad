import { expect, onTestFinished, test, vi } from 'vitest'
import { capabilitiesOf } from '../capabilities.ts'
import {
  getDaemonSettings,
  getJailSettings,
  readJailCounts,
  readJailStatus,
  readVersion,
  stopJail,
} from '../commands.ts'
import { readDaemonInstance } from '../daemon-instance.ts'
import { createPrivateDaemon } from '../private-daemon.ts'
import { probeDaemon } from '../probe.ts'
import { findFail2banVersions, type TestedFail2ban } from '../testing.ts'
import { createDaemonConnection } from './daemon-connection.ts'

const startDaemon = async (programs: Partial<TestedFail2ban> = {}) => {
  const daemon = await createPrivateDaemon({ ...programs, jails: [{ name: 'one' }, { name: 'two' }] })
  onTestFinished(() => daemon.dispose())
  await daemon.start()
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  onTestFinished(() => connection.close())
  const findInstance = () => readDaemonInstance(daemon.socketPath, daemon.pidfile)
  return { daemon, connection, findInstance }
}

test.each(findFail2banVersions())(
  'fail2ban $version answers to every command as expected',
  async (fail2ban) => {
    const { connection, findInstance } = await startDaemon(fail2ban)
    const addresses = ['192.0.2.1', '2001:db8::1', '198.51.100.0/24']
    expect(await connection.request(['set', 'one', 'banip', ...addresses], { write: true })).toBe(3)
    const capabilities = capabilitiesOf(await readVersion(connection))
    const status = await readJailStatus(connection, 'one')
    expect(status).toMatchObject({ currentlyBanned: 3, totalBanned: 3, banned: addresses })
    const counts = await readJailCounts(connection, ['one', 'two', 'gone'], { capabilities })
    expect(counts.size).toBe(2)
    expect([counts.get('one')?.currentlyBanned, counts.get('two')?.currentlyBanned]).toEqual([3, 0])
    expect(await getJailSettings(connection, 'one')).toMatchObject({
      maxretry: expect.any(Number),
      logPaths: status.logPaths,
    })
    expect(await getDaemonSettings(connection)).toMatchObject({ logTarget: expect.any(String) })
    expect(await probeDaemon(connection, { findInstance })).toMatchObject({
      ok: true,
      jails: ['one', 'two'],
      currentlyBanned: 3,
    })
    await stopJail(connection, 'two')
    expect(await probeDaemon(connection, { findInstance })).toMatchObject({ ok: true, jails: ['one'] })
  },
)

test('the end of a real fail2ban is an event at once, and its next run has another instance id', async () => {
  const { daemon, connection, findInstance } = await startDaemon()
  const first = await probeDaemon(connection, { findInstance })
  const closed = vi.fn<(event: string) => void>()
  connection.onConnectionEvent(closed)
  await daemon.kill('SIGKILL')
  await vi.waitFor(() => expect(closed).toHaveBeenCalledWith('closed'), { interval: 5 })
  expect(await probeDaemon(connection, { findInstance })).toMatchObject({
    ok: false,
    reason: 'refused',
    connected: false,
  })
  await daemon.start()
  const second = await probeDaemon(connection, { findInstance })
  expect(second).toMatchObject({ ok: true })
  expect(first.ok && second.ok && first.instance.id !== second.instance.id).toBe(true)
})

test('a real fail2ban that is stopped by a signal is silent, not offline, and goes on later', async () => {
  const { daemon, connection, findInstance } = await startDaemon()
  const before = await probeDaemon(connection, { findInstance })
  await daemon.kill('SIGSTOP')
  const silent = await probeDaemon(connection, { findInstance, deadline: 200 })
  expect(silent).toMatchObject({ ok: false, reason: 'timeout', connected: true })
  const answered = vi.fn<(event: string) => void>()
  connection.onConnectionEvent(answered)
  await daemon.kill('SIGCONT')
  await vi.waitFor(() => expect(answered).toHaveBeenCalledWith('answered'), { timeout: 5000 })
  expect(answered).not.toHaveBeenCalledWith('closed')
  expect(await probeDaemon(connection, { findInstance })).toEqual(before)
})
