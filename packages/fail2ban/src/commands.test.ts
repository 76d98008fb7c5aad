import { describe, expect, test } from 'vitest'
import { withSimulator } from '../test/with-simulator.ts'
import { capabilitiesOf } from './capabilities.ts'
import {
  getDaemonSettings,
  getJailSettings,
  isUnknownJail,
  listRunningJails,
  ping,
  readJailCounts,
  readJailStatus,
  readJailSummary,
  readVersion,
  stopJail,
} from './commands.ts'

describe.each(['0.11.1', '0.11.2', '1.0.2', '1.1.0', '1.1.1'])('commands to %s', (version) => {
  const capabilities = capabilitiesOf(version)

  test('read what the daemon has', async () => {
    await using host = await withSimulator({ version })
    host.simulator.ban('sshd', '192.0.2.1')
    host.simulator.addFailure('web', '192.0.2.2')
    await ping(host.connection)
    expect(await readVersion(host.connection)).toBe(version)
    expect(await listRunningJails(host.connection)).toEqual(['sshd', 'web'])
    expect((await readJailStatus(host.connection, 'sshd')).banned).toEqual(['192.0.2.1'])
    const summary = await readJailSummary(host.connection, 'sshd', { capabilities })
    expect(summary.banned).toEqual(capabilities.shortStatus ? null : ['192.0.2.1'])
    expect(await getJailSettings(host.connection, 'sshd')).toEqual({
      bantime: 600,
      findtime: 600,
      maxretry: 5,
      logPaths: ['/var/log/sshd.log'],
    })
    expect(await getDaemonSettings(host.connection)).toMatchObject({
      logTarget: '/var/log/fail2ban.log',
      databaseFile: null,
    })
  })

  test('count many jails with the commands of the version, and leave out a jail that was stopped', async () => {
    await using host = await withSimulator({ version })
    host.simulator.ban('sshd', '192.0.2.1')
    host.simulator.addFailure('web', '192.0.2.2')
    const counts = await readJailCounts(host.connection, ['sshd', 'web', 'gone'], { capabilities })
    expect([...counts.keys()].sort()).toEqual(['sshd', 'web'])
    expect(counts.get('sshd')).toMatchObject({ currentlyBanned: 1, totalBanned: 1, currentlyFailed: 0 })
    expect(counts.get('web')).toMatchObject({ currentlyFailed: 1, totalFailed: 1, currentlyBanned: 0 })
    const stats = version.startsWith('1.1')
    expect(Object.fromEntries(host.simulator.commandCounts)).toEqual(stats ? { stats: 1 } : { status: 3 })
  })
})

describe('commands', () => {
  test('take a jail out of the daemon', async () => {
    await using host = await withSimulator()
    await stopJail(host.connection, 'web')
    expect(await listRunningJails(host.connection)).toEqual(['sshd'])
    const error = await stopJail(host.connection, 'web').catch((cause: unknown) => cause)
    expect(isUnknownJail(error)).toBe(true)
  })

  test.each(['--all', '', 'a\nb', 'a\u0000', 'x'.repeat(10_000)])(
    'send no %j as the name of a jail',
    async (name) => {
      await using host = await withSimulator()
      await expect(stopJail(host.connection, name)).rejects.toThrow('That is not the name of a jail.')
      expect(host.simulator.commandCounts.size).toBe(0)
    },
  )
})
