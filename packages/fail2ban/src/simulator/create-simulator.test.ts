import { lstat } from 'node:fs/promises'
import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { recordedReplies } from '../../test/recorded-replies.ts'
import { withSimulator } from '../../test/with-simulator.ts'
import type { Fail2banCommandError } from '../errors.ts'
import { runSimulatedCommand } from './simulated-commands.ts'
import { createSimulatedDaemon } from './simulated-daemon.ts'

const recordedJails = [
  { name: 'sshd', bantime: 3600, maxretry: 3, logPaths: ['/var/log/auth-sample.log'] },
  { name: 'nginx-http-auth', bantime: -1, logPaths: ['/var/log/nginx-sample.log'] },
  { name: 'recidive', bantime: 604_800, findtime: 86_400, logPaths: ['/var/log/fail2ban-sample.log'] },
]

describe('createSimulator', () => {
  test.each(['0.11.2', '1.0.2', '1.1.0'])('answers a session as a recorded %s did', async (version) => {
    await using host = await withSimulator({ version, jails: recordedJails })
    for (let n = 0; n < 5; n++) host.simulator.addFailure('recidive', `192.0.2.${n}`)
    const known =
      /^(ping|version|server-status|status|stats|banned|echo|nonsense|unban|set,\S+,(banip|unbanip)|get,[^,]+,(bantime|findtime|maxretry|logpath|banned|idle)$)/
    let compared = 0
    for (const { request, value } of recordedReplies
      .filter((entry) => entry.version === version)
      .slice(0, 140)) {
      // times differ, and the recorded session goes on to settings that are not simulated
      if (typeof request === 'string' || request.includes('--with-time') || request.includes('attempt'))
        continue
      if (request.toString() === 'set,sshd,bantime,900') break
      if (!known.test(request.toString())) continue
      const [status, wanted] = value as [number, unknown]
      const answer = await host.connection.request(request).then(
        (reply) => ({ status: 0, reply }),
        (error: Fail2banCommandError) => ({ status: 1, reply: error.params.className }),
      )
      const expected = status === 0 ? wanted : (wanted as { $class: string }).$class
      expect(answer, request.toString()).toEqual({ status, reply: expected })
      compared++
    }
    expect(compared).toBeGreaterThan(30)
  })

  test('bans after as many failures as the jail allows within its time, and lets the ban end', async () => {
    let now = Date.UTC(2026, 0, 1)
    const jails = [{ name: 'sshd', maxretry: 3, findtime: 60, bantime: 600 }]
    await using host = await withSimulator({ jails, now: () => now })
    const fail = () => host.simulator.addFailure('sshd', '192.0.2.7')
    expect([fail(), fail()]).toEqual([false, false])
    now += 61_000
    expect([fail(), fail()]).toEqual([false, false])
    expect(fail()).toBe(true)
    expect(host.simulator.listBans('sshd')).toEqual([{ address: '192.0.2.7', since: now, duration: 600 }])
    now += 599_000
    expect(host.simulator.listBans('sshd')).toHaveLength(1)
    now += 1000
    expect(host.simulator.listBans('sshd')).toEqual([])
    expect(await host.connection.request(['status', 'sshd', 'stats'])).toEqual(['polling', [0, 5], [0, 1]])
  })

  test('shows the times of bans as fail2ban does', async () => {
    const now = new Date(2026, 0, 1, 12, 0, 0).getTime()
    await using host = await withSimulator({ now: () => now })
    host.simulator.ban('sshd', '192.0.2.1', 90)
    host.simulator.ban('sshd', '192.0.2.2', -1)
    expect(await host.connection.request(['get', 'sshd', 'banip', '--with-time'])).toEqual([
      '192.0.2.1 \t2026-01-01 12:00:00 + 90 = 2026-01-01 12:01:30',
      '192.0.2.2 \t2026-01-01 12:00:00 + -1 = 9999-12-31 23:59:59',
    ])
  })

  test('unbans one address or all of a network', async () => {
    await using host = await withSimulator()
    for (const address of ['192.0.2.1', '192.0.2.2', '198.51.100.1']) host.simulator.ban('sshd', address)
    expect(await host.connection.request(['set', 'sshd', 'unbanip', '192.0.2.0/24'])).toBe(2)
    expect(await host.connection.request(['set', 'sshd', 'unbanip', '192.0.2.1'])).toBe(0)
    expect(await host.connection.request(['unban', '--all'])).toBe(1)
  })

  test('takes the stream of a reload, and an empty one removes every jail', () => {
    const stream = [
      ['add', 'new', 'polling'],
      ['set', 'new', 'bantime', '60'],
      ['set', 'new', 'usedns', 'no'],
      ['start', 'new'],
    ]
    const daemon = createSimulatedDaemon('1.0.2', Date.now)
    daemon.addJail({ name: 'old' })
    expect(runSimulatedCommand(daemon, ['reload', '--all', [], stream])).toBe('OK')
    expect(daemon.jails.map(({ name, settings }) => [name, settings.bantime])).toEqual([['new', 60]])
    expect(runSimulatedCommand(daemon, ['reload', '--all', [], []])).toBe('OK')
    expect(daemon.jails).toEqual([])
  })

  test('leaves its socket behind when killed, and removes it when stopped', async () => {
    await using host = await withSimulator()
    await host.simulator.kill()
    expect((await lstat(host.socketPath)).isSocket()).toBe(true)
    expect(host.simulator.listening).toBe(false)
    await host.simulator.start()
    expect(await host.connection.request(['ping'])).toBe('pong')
    await host.simulator.stop()
    await expect(lstat(host.socketPath)).rejects.toThrow('ENOENT')
  })

  test('ends when it is asked to over its socket', async () => {
    await using host = await withSimulator()
    expect(await host.connection.request(['stop'], { write: true })).toBeNull()
    await vi.waitFor(() => expect(host.simulator.listening).toBe(false))
    await vi.waitFor(() => expect(host.events).toContain('closed'))
  })

  test('keeps bans over a restart and counts anew', async () => {
    await using host = await withSimulator()
    host.simulator.ban('sshd', '192.0.2.1')
    host.simulator.addFailure('sshd', '192.0.2.2')
    await host.simulator.restart()
    expect(await host.connection.request(['status', 'sshd', 'stats'])).toEqual(['polling', [1, 0], [1, 1]])
  })

  test('answers what is no pickle as fail2ban does', async () => {
    await using host = await withSimulator()
    const socket = connect(host.socketPath).on('error', () => undefined)
    const reply = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write('<not a pickle><F2B_END_COMMAND>')
    expect((await reply).toString('latin1')).toContain('ERROR: pickle data was truncated')
    socket.destroy()
  })
})
