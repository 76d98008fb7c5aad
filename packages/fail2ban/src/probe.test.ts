import { expect, test } from 'vitest'
import { withSimulator } from '../test/with-simulator.ts'
import { probeDaemon } from './probe.ts'
import { createDaemonConnection } from './wire/daemon-connection.ts'

const findInstance = async () => ({ id: 'one', pid: 4711 })

test.each(['0.11.2', '1.0.2', '1.1.0'])(
  'a probe of %s returns version, jails and totals',
  async (version) => {
    await using host = await withSimulator({ version })
    host.simulator.ban('sshd', '192.0.2.1')
    host.simulator.ban('web', '192.0.2.1')
    host.simulator.addFailure('web', '192.0.2.2')
    expect(await probeDaemon(host.connection, { findInstance })).toEqual({
      ok: true,
      version,
      jails: ['sshd', 'web'],
      currentlyBanned: 2,
      totalBanned: 2,
      currentlyFailed: 1,
      totalFailed: 1,
      instance: { id: 'one', pid: 4711 },
    })
  },
)

test('a probe of a daemon without jails finds none', async () => {
  await using host = await withSimulator({ jails: [] })
  expect(await probeDaemon(host.connection, { findInstance })).toMatchObject({
    ok: true,
    jails: [],
    currentlyBanned: 0,
  })
})

test('a probe asks nothing that the version does not know', async () => {
  await using host = await withSimulator({ version: '1.0.2' })
  await probeDaemon(host.connection, { findInstance })
  expect([...host.simulator.commandCounts.keys()].sort()).toEqual(['ping', 'status', 'version'])
})

test('a probe of a daemon that hangs fails as a time-out on an open connection', async () => {
  await using host = await withSimulator()
  host.simulator.setFault({ kind: 'hang' })
  const options = { findInstance, deadline: 50 }
  expect(await probeDaemon(host.connection, options)).toMatchObject({
    ok: false,
    reason: 'timeout',
    connected: true,
  })
  // the next one does not pile up on it
  expect(await probeDaemon(host.connection, options)).toMatchObject({
    ok: false,
    reason: 'timeout',
    connected: true,
  })
  host.simulator.setFault(null)
  expect(await probeDaemon(host.connection, { findInstance })).toMatchObject({ ok: true })
  expect(host.simulator.commandCounts.get('ping')).toBe(2)
})

test.each([
  ['hang_mid_reply', 'timeout', true],
  ['cut', 'refused', false],
  ['garbage', 'protocol_error', false],
  ['error_text', 'protocol_error', true],
  ['shutdown', 'refused', true],
] as const)('a probe of a daemon with the fault %s fails as %s', async (kind, reason, connected) => {
  await using host = await withSimulator()
  host.simulator.setFault({ kind })
  // only a daemon that hangs is waited for
  const deadline = kind === 'hang_mid_reply' ? 100 : 60_000
  expect(await probeDaemon(host.connection, { findInstance, deadline })).toMatchObject({
    ok: false,
    reason,
    connected,
  })
})

test('a probe finds a daemon that is back within a second', async () => {
  await using host = await withSimulator()
  await host.simulator.kill()
  for (let n = 0; n < 3; n++) {
    expect(await probeDaemon(host.connection, { findInstance })).toMatchObject({
      ok: false,
      reason: 'refused',
      connected: false,
    })
  }
  await host.simulator.start()
  expect(await probeDaemon(host.connection, { findInstance })).toMatchObject({ ok: true })
})

test('a probe of a socket that is not there says so', async () => {
  const connection = createDaemonConnection({ socketPath: '/tmp/f2b-wire-none/s.sock' })
  expect(await probeDaemon(connection, { findInstance })).toMatchObject({
    ok: false,
    reason: 'socket_missing',
    connected: false,
  })
})
