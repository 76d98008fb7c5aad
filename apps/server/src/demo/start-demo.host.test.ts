import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createDaemonConnection, createLocalHost } from '@bangui/fail2ban'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '../lib/logger.ts'
import { demoDataDir } from './demo-paths.ts'
import { logLine } from './demo-jails.ts'
import { startDemo, type Demo } from './start-demo.ts'

const execute = promisify(execFile)
const log = createLogger({ level: 'silent', stream: { write: () => undefined } })
const patience = { timeout: 25_000, interval: 200 }

async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp('/tmp/f-')
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return demoDataDir(folder)
}

const ask = async (demo: Demo, ...args: string[]) =>
  (await execute('fail2ban-client', ['-s', demo.socketPath, '-c', demo.configDir, ...args])).stdout

const isAnswering = (demo: Demo) =>
  ask(demo, 'ping').then(
    () => true,
    () => false,
  )

test('the demo bans an invented attacker within seconds, and leaves no daemon behind', async () => {
  const demo = await startDemo({ dataDir: await makeDataDir(), log, seed: 1 })
  onTestFinished(() => demo.stop())
  expect(demo.kind).toBe('real')
  const jails = await ask(demo, 'status')
  for (const jail of ['sshd', 'nginx-http-auth', 'postfix-sasl', 'recidive']) expect(jails).toContain(jail)
  expect(jails).not.toContain('nginx-botsearch')
  await vi.waitFor(
    async () => expect(await ask(demo, 'status', 'sshd')).toMatch(/Currently banned:\s+[1-9]/),
    patience,
  )

  await demo.stop()
  expect(await isAnswering(demo)).toBe(false)
})

test('a daemon that a killed demo left behind is ended by the next one', async () => {
  const dataDir = await makeDataDir()
  const pidfile = join(dataDir, 'fail2ban/fail2ban.pid')
  await startAndKill(dataDir)
  const first = await readFile(pidfile, 'utf8')
  const next = await startDemo({ dataDir, log })
  onTestFinished(() => next.stop())
  expect(await readFile(pidfile, 'utf8')).not.toBe(first)
  // gone, or waiting to be collected: both have no command line
  expect(await readFile(`/proc/${first.trim()}/cmdline`, 'utf8').catch(() => '')).toBe('')
  expect(await isAnswering(next)).toBe(true)
})

test('a second demo on the same folder is refused, and the first goes on', async () => {
  const dataDir = await makeDataDir()
  const first = await startDemo({ dataDir, log })
  onTestFinished(() => first.stop())
  await expect(startDemo({ dataDir, log })).rejects.toThrow(
    /Another BanGUI shows the demo in .*BANGUI_DATA_DIR/,
  )
  expect(await isAnswering(first)).toBe(true)
  await first.stop()
  const second = await startDemo({ dataDir, log })
  onTestFinished(() => second.stop())
  expect(await isAnswering(second)).toBe(true)
})

const startScript = `
  const { startDemo } = await import(process.argv[1])
  const log = { info: () => undefined, debug: () => undefined, warn: console.error }
  await startDemo({ dataDir: process.argv[2], log })
  console.log('started')
`

/** Starts a demo in a process of its own, and kills that process as soon as the demo runs. */
function startAndKill(dataDir: string): Promise<void> {
  const source = new URL('./start-demo.ts', import.meta.url).href
  const args = ['--conditions=@bangui/source', '--input-type=module', '-e', startScript, source, dataDir]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.once('data', () => child.kill('SIGKILL'))
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`ended with ${String(code)}`)),
    )
  })
}

test('without fail2ban the demo runs on the simulator, which its start command brings back', async () => {
  const demo = await startDemo({ dataDir: await makeDataDir(), log, seed: 1, binDir: '/nowhere' })
  onTestFinished(() => demo.stop())
  expect(demo.kind).toBe('simulated')
  const connection = createDaemonConnection({ socketPath: demo.socketPath })
  onTestFinished(() => connection.close())
  const host = createLocalHost({ ...demo, configWrite: 'off', stateDir: '/nowhere', connection })
  const jails = await host.jails.list()
  expect(jails.map(({ name, running }) => [name, running])).toEqual([
    ['nginx-botsearch', false],
    ['nginx-http-auth', true],
    ['postfix-sasl', true],
    ['recidive', true],
    ['sshd', true],
  ])
  await vi.waitFor(
    async () => expect(await host.daemon.probe()).toMatchObject({ ok: true, totalBanned: 1 }),
    patience,
  )
  const logged = await readFile(join(demo.configDir, '../fail2ban.log'), 'utf8')
  expect(logged).toMatch(/NOTICE  \[sshd\] Ban \S+$/m)
  await connection.request(['stop'])
  await vi.waitFor(async () => expect(await host.daemon.probe()).toMatchObject({ ok: false }), patience)
  expect(await host.daemon.start()).toEqual({ ok: true, missingJails: [], output: null })
  expect(await host.daemon.probe()).toMatchObject({ ok: true, currentlyBanned: expect.any(Number) })
})

const lines = [
  { jail: 'sshd', address: '203.0.113.9' },
  { jail: 'sshd', address: '2001:db8::9' },
  { jail: 'nginx-http-auth', address: '203.0.113.9' },
  { jail: 'nginx-botsearch', address: '2001:db8::9' },
  { jail: 'postfix-sasl', address: '203.0.113.9' },
  { jail: 'postfix-sasl', address: '2001:db8::9' },
] as const

test('every invented log line is a failure to the filter of its jail', async () => {
  const demo = await startDemo({ dataDir: await makeDataDir(), log })
  onTestFinished(() => demo.stop())
  for (const { jail, address } of lines) {
    const line = logLine({ jail, address, country: 'ZZ', user: 'admin' }, new Date(), 1234)
    const filter = join(demo.configDir, `filter.d/${jail}.conf`)
    const { stdout } = await execute('fail2ban-regex', [
      '-c',
      demo.configDir,
      '-o',
      'ip',
      ...datePattern(jail),
      line,
      filter,
    ])
    expect(stdout.trim(), line).toBe(address)
  }
})

function datePattern(jail: string): string[] {
  if (jail === 'nginx-http-auth') return ['-d', '^%Y/%m/%d %H:%M:%S']
  return jail === 'nginx-botsearch' ? ['-d', '%d/%b/%Y:%H:%M:%S %z'] : []
}
