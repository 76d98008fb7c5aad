import { appendFile, chmod, mkdir, utimes, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { HealthCheckId } from '@bangui/shared'
import { expect, it } from 'vitest'
import { problemsIn, runHealth } from '../../../test/health-run.ts'
import { createTestHost } from '../../../test/with-host.ts'
import { createDaemonConnection } from '../../wire/daemon-connection.ts'
import { createSavedChanges } from '../../host/saved-changes.ts'
import { createConfigReader } from '../../host/config-reader.ts'
import { createDaemonClocks } from '../../daemon-time/daemon-clocks.ts'
import { createLocalHost } from '../../host/local-host.ts'
import { createLoads } from '../../host/loads.ts'
import { createRegexVerbs } from '../../host/regex-verbs.ts'
import { createSocketGuard } from '../../host/socket-guard.ts'
import { createProofLedger } from '../../host/proof-ledger.ts'
import { createStartedJails } from '../../host/started-jails.ts'
import type { LocalHostContext } from '../../host/local-host-context.ts'
import type { PrivateDaemon } from '../../private-daemon.ts'
import { createHealthMemory } from '../health-memory.ts'
import { createObserver } from '../create-observer.ts'
import { NOT_USED } from '../seen/firewall-seen.ts'
import type { ObservationPart } from '../observation.ts'
import { gateways6Of, gatewaysOf } from './collect-network.ts'
import { readProcess } from './collect-process.ts'

/** Returns what a collector sees on the real thing. @throws the reason where it sees nothing */
async function observing(daemon: PrivateDaemon) {
  const { socketPath, configDir, clientProgram: client } = daemon
  const connection = createDaemonConnection({ socketPath })
  const context: LocalHostContext = {
    socketPath,
    configDir,
    client,
    startCommand: daemon.startCommand,
    configWrite: 'jails',
    logDirs: [],
    changes: createSavedChanges(join(daemon.folder, 'state')),
    outside: { noteOwn: () => undefined, look: async () => [] },
    proofs: createProofLedger(join(daemon.folder, 'state'), Date.now),
    connection,
    guard: createSocketGuard({ socketPath, pidfile: async () => daemon.pidfile }),
    configReader: createConfigReader({ client, configDir }),
    clock: Date.now,
    clocks: createDaemonClocks(configDir),
    started: createStartedJails(Date.now),
    loads: createLoads(),
  }
  const { testRegex } = createRegexVerbs(context)
  const observer = createObserver(context, createHealthMemory(Date.now), { testRegex })
  return {
    async see<TPart extends ObservationPart>(part: TPart) {
      const observed = await observer.observe(part)
      if ('why' in observed) throw new Error(observed.why)
      return observed.value
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

it('the collectors see the process, the tools, the sockets and the addresses of this machine', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app', options: { action: 'block' } }] })
  const { daemon } = at
  const command = '<tool> -x <ip>; nosuchprogram <ip>'
  await writeFile(
    join(daemon.configDir, 'action.d', 'block.conf'),
    `[Definition]\nactionstart =\nactionstop =\nactioncheck =\nactionban = ${command}\nactionunban =\n[Init]\ntool = sed\n`,
  )
  await daemon.start()
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await using seeing = await observing(daemon)
  const { see } = seeing

  expect(await see('process')).toMatchObject({
    pid: await daemon.pid(),
    sameMounts: true,
    sameNetwork: true,
    threads: expect.arrayContaining(['f2b/f.app', 'f2b/a.app']),
    openFiles: expect.arrayContaining([daemon.logfile]),
  })
  expect(Math.abs((await see('process')).startedAt - Date.now())).toBeLessThan(600_000)
  expect(await see('actions')).toMatchObject([{ jail: 'app', actions: [{ name: 'block' }] }])
  expect(await see('tools')).toEqual([
    { program: 'sed', path: expect.stringMatching(/\/sed$/) },
    { program: 'nosuchprogram', path: null },
  ])
  const listener = (await see('listeners')).find((one) => one.port === port)
  expect(listener).toMatchObject({ protocol: 'tcp', family: 4, address: '127.0.0.1' })
  expect(listener?.processes).toHaveLength(1)
  server.close()
  expect((await see('network')).own).toContain('127.0.0.1')
  expect(await see('processes')).toContainEqual(
    expect.objectContaining({ pid: await daemon.pid(), isServer: true, socket: daemon.socketPath }),
  )
  expect((await see('system')).clockJumpMs).toBeNull()
  expect(await see('clientVersion')).toBe((await see('daemon')).version)
  expect(await see('serviceLogs')).toEqual(expect.any(Array))
  expect(await see('journal')).toEqual({ hasEntries: true, jails: [] })
  expect(await see('logTarget')).toEqual({ path: daemon.logfile, folder: 'folder' })
  expect(await see('view')).toMatchObject({ socketPath: daemon.socketPath, isSameSocket: true })
  expect(await see('access')).toEqual(
    expect.arrayContaining(
      (['config', 'socket', 'database'] as const).map((kind) =>
        expect.objectContaining({ kind, mode: expect.any(Number) }),
      ),
    ),
  )
  expect(await see('samples')).toEqual([])
  // no action uses a firewall
  expect(await see('firewall')).toMatchObject({ nftables: { why: NOT_USED }, iptables: { why: NOT_USED } })
})

it('the checks read how the files of a configuration fit together', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  const { daemon, host } = at
  await daemon.start()
  const write = (name: string, text: string) => writeFile(join(daemon.configDir, name), text)
  await write('jail.local', '[DEFAULT]\nenabled = true\n[app]\nmaxretry = 4\n')
  await write('jail.d/x.local', '[app]\nmaxretry = 6\n')
  const checks: HealthCheckId[] = ['later-wins', 'duplicate', 'enabled-in-default', 'frozen-copy']
  expect(problemsIn(await runHealth(host, checks))).toEqual([
    'later-wins: app: maxretry is set in two files, and jail.d/x.local wins',
    'enabled-in-default: [DEFAULT] enables every jail',
  ])
  await write('jail.local', '[app]\nmaxretry = 4\nmaxretry = 5\n')
  const twice = `duplicate: fail2ban refuses the configuration because of a repetition in ${daemon.configDir}/jail.local, line 3`
  expect(problemsIn(await runHealth(host, ['duplicate']))).toEqual([twice])
})

it('a process that has ended is not seen, with the reason', async () => {
  await expect(readProcess(4_194_303)).rejects.toThrow('has just ended')
})

it('the checks see new logs, files that fail2ban passes over, and files that others can write', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  const { daemon, host } = at
  const folder = join(daemon.folder, 'sites')
  await mkdir(folder)
  await writeFile(join(folder, 'one.log'), 'x\n')
  await writeFile(
    join(daemon.configDir, 'jail.local'),
    `[app]\nlogpath = ${folder}/*.log\n[DEFAULT]\nbantmie = 1h\n`,
  )
  await daemon.start()
  await writeFile(join(folder, 'two.log'), 'x\n')
  await writeFile(join(daemon.configDir, 'jail.d', 'mine.locl'), '')
  await chmod(join(daemon.configDir, 'jail.local'), 0o666)
  await using seeing = await observing(daemon)
  expect((await seeing.see('matchingLogs')).map(({ jail, file }) => [jail, file.path])).toEqual([
    ['app', join(folder, 'one.log')],
    ['app', join(folder, 'two.log')],
  ])
  const found = problemsIn(
    await runHealth(host, ['unknown-key', 'wrong-file', 'permissions', 'log-new-not-watched']),
  )
  expect(found).toEqual([
    `unknown-key: A name is probably misspelt in ${daemon.configDir}/jail.local, line 4`,
    `wrong-file: fail2ban does not read ${daemon.configDir}/jail.d/mine.locl`,
    `permissions: Every user of this machine can change ${daemon.configDir}/jail.local`,
  ])
  const later = createLocalHost({
    socketPath: daemon.socketPath,
    configDir: daemon.configDir,
    client: daemon.clientProgram,
    configWrite: 'jails',
    stateDir: join(daemon.folder, 'state'),
    clock: () => Date.now() + 15 * 60_000,
  })
  await utimes(join(folder, 'two.log'), new Date(), new Date())
  expect(problemsIn(await runHealth(later, ['log-new-not-watched']))).toEqual([
    `log-new-not-watched: app does not read ${join(folder, 'two.log')}`,
  ])
  await later.close()
})

it('the growth of a log and its rotated predecessor are seen from look to look', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  const { daemon, host } = at
  await daemon.start()
  await runHealth(host, ['log-silent'])
  const log = join(daemon.folder, 'logs', 'app.log')
  const old = new Date(Date.now() - 30 * 60_000)
  await utimes(log, old, old)
  await appendFile(`${log}.1`, 'a line that comes after the rotation\n')
  expect(problemsIn(await runHealth(host, ['log-silent']))).toEqual([
    `log-silent: app: nothing is written to ${log} any more`,
  ])
})

it.each([
  ['Iface\tDestination\tGateway\neth0\t00000000\t0102A8C0\neth0\t0002A8C0\t00000000', ['192.168.2.1']],
  ['Iface\tDestination\tGateway\n', []],
])('gatewaysOf reads the table of routes %j', (table, gateways) => {
  expect(gatewaysOf(table)).toEqual(gateways)
})

it('gateways6Of reads the table of IPv6 routes', () => {
  const zero = '0'.repeat(32)
  const table = `${zero} 00 ${zero} 00 fe800000000000000000000000000001 00000400 1 0 3 eth0\n${zero} 00 ${zero} 00 ${zero} ffffffff 1 0 200200 lo\n`
  expect(gateways6Of(table)).toEqual(['fe80:0000:0000:0000:0000:0000:0000:0001'])
})
