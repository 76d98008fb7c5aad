import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { createSignInLog } from '../src/features/auth/sign-in-log.ts'
import { createLogger } from '../src/lib/logger.ts'
import { testMachine } from './create-test-deps.ts'

const execute = promisify(execFile)
const deploy = fileURLToPath(new URL('../../../deploy/fail2ban', import.meta.url))
const filter = join(deploy, 'filter.d/bangui.conf')

interface Entry {
  readonly event?: string
  readonly remoteAddress: string
  readonly username: string
}

function createLines() {
  const lines: string[] = []
  return { lines, log: createLogger({ stream: { write: (line) => lines.push(line) } }) }
}

/** The lines that BanGUI's own logger writes. */
function logLines(entries: readonly Entry[]): string[] {
  const { lines, log } = createLines()
  for (const { event = 'login_failed', remoteAddress, username } of entries) {
    log.warn({ event, remoteAddress, username }, 'login failed')
  }
  return lines
}

/** The addresses that fail2ban counts in a log with these lines. */
async function countedAddresses(lines: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'filter-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const log = join(folder, 'bangui.log')
  await writeFile(log, lines.join(''))
  const { stdout } = await execute('fail2ban-regex', ['-o', 'ip', log, filter])
  return stdout.split('\n').filter(Boolean)
}

test('the jail has another name than the jail for manual bans, so that neither takes the place of the other', async () => {
  const names = await Promise.all(
    (await readdir(join(deploy, 'jail.d'))).map(async (file) =>
      [...(await readFile(join(deploy, 'jail.d', file), 'utf8')).matchAll(/^\[(.*)\]$/gm)].map(
        ([, name]) => name,
      ),
    ),
  )
  expect(names.flat()).toEqual(['bangui-login'])
})

test('a failed sign-in counts for its IPv4 or IPv6 address', async () => {
  const lines = logLines([
    { remoteAddress: '192.0.2.1', username: 'bob' },
    { remoteAddress: '2001:db8::5', username: '' },
  ])
  expect(await countedAddresses(lines)).toEqual(['192.0.2.1', '2001:db8::5'])
})

test('the same line counts behind the head that a syslog daemon writes', async () => {
  const lines = logLines([{ remoteAddress: '192.0.2.1', username: 'bob' }])
  const withHead = lines.map((line) => `Nov 21 03:00:00 host bangui[812]: ${line}`)
  expect(await countedAddresses(withHead)).toEqual(['192.0.2.1'])
})

const hostileNames = [
  'x","remoteAddress":"198.51.100.7',
  'x from 198.51.100.7',
  '\n{"time":"2026-11-21T03:00:00.000Z","level":"warn","event":"login_failed","remoteAddress":"198.51.100.7","username":"',
  String.raw`\",\"remoteAddress\":\"198.51.100.7\"`,
  '198.51.100.7\u2028198.51.100.7\r198.51.100.7',
]

test.each(hostileNames)('the user name %j bans nobody else', async (username) => {
  const lines = logLines([{ remoteAddress: '192.0.2.1', username }])
  expect(await countedAddresses(lines)).toEqual(['192.0.2.1'])
})

test('a user name in another event counts for nobody', async () => {
  const lines = logLines(
    hostileNames.map((username) => ({ event: 'login', remoteAddress: '192.0.2.1', username })),
  )
  expect(await countedAddresses(lines)).toEqual([])
})

test('a failed sign-in counts only where its address is one visitor’s', async () => {
  const { lines, log } = createLines()
  const signInLog = createSignInLog({ log, clock: Date.now })
  for (const [remoteAddress, sharedAddress] of [
    ['192.0.2.1', false],
    ['203.0.113.80', true],
  ] as const)
    signInLog.failed({ request: { remoteAddress, sharedAddress }, username: 'bob' }, 'login failed')
  expect(lines.join('')).toContain('203.0.113.80')
  expect(await countedAddresses(lines)).toEqual(['192.0.2.1'])
})

test('the jail blocks the port that BanGUI listens on by default, and those of a proxy', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jail-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp('/etc/fail2ban', folder, { recursive: true, filter: (source) => !source.includes('/jail.d/') })
  await cp(deploy, folder, { recursive: true })
  const { stdout } = await execute('fail2ban-client', ['-c', folder, '-d'])
  const [, ports = ''] = /\['port', '([^']+)'\]/.exec(stdout) ?? []
  expect(ports.split(',')).toEqual(['http', 'https', String(loadConfig({}, testMachine).port)])
})
