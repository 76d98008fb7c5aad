import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { fail, say } from './project.mjs'
import { run } from './run.mjs'

const requirements = [
  { program: 'fail2ban-server', package: 'fail2ban' },
  { program: 'fail2ban-client', package: 'fail2ban' },
  { program: 'chromium', package: 'chromium' },
  { program: 'faketime', package: 'faketime' },
  { program: '/usr/share/zoneinfo/Europe/Berlin', package: 'tzdata' },
  { program: '/usr/lib/python3/dist-packages/aiosmtpd/smtp.py', package: 'python3-aiosmtpd' },
]
/** What only tests that need root use; a developer's machine gets no second logger and no other firewall for them. */
const forRoot = [
  { program: '/lib/systemd/systemd-journald', package: 'systemd' },
  { program: '/usr/sbin/rsyslogd', package: 'rsyslog' },
  { program: '/usr/lib/python3/dist-packages/systemd/journal.py', package: 'python3-systemd' },
  { program: '/usr/sbin/nft', package: 'nftables' },
  { program: '/usr/sbin/iptables', package: 'iptables' },
  { program: '/usr/sbin/ipset', package: 'ipset' },
]
const policyFile = '/usr/sbin/policy-rc.d'

/** The requirements of the tests that this machine lacks; on one that exists for tests (CI, as root) of all of them. */
export function missingRequirements() {
  const runsAll = process.env.CI === 'true' && process.getuid?.() === 0
  return [...requirements, ...(runsAll ? forRoot : [])].filter(({ program }) => !hasProgram(program))
}

function hasProgram(program) {
  if (isAbsolute(program)) return existsSync(program)
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin']
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, program)))
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // not there, or not ours to run
  }
}

export function explainMissing(missing) {
  const programs = missing.map(({ program }) => program).join(', ')
  return [
    `The tests need programs that this machine does not have: ${programs}.`,
    `On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${packagesOf(missing).join(' ')}`,
    '(Debian starts fail2ban when it is installed; `sudo npm test -- --install` installs it without starting it.)',
  ].join('\n')
}

function packagesOf(missing) {
  return [...new Set(missing.map((requirement) => requirement.package))]
}

/** Installs what is missing from the distribution's packages, without starting any service. Needs root. */
export async function installRequirements(missing) {
  if (process.getuid?.() !== 0) fail(`${explainMissing(missing)}\nInstalling them needs root.`)
  if (!hasProgram('apt-get'))
    fail(`${explainMissing(missing)}\nThis machine has no apt-get to install them with.`)
  const packages = packagesOf(missing)
  say(`Installing ${packages.join(', ')} …`)
  const allowServices = forbidServices()
  try {
    await apt(['update'])
    await apt(['install', '-y', '--no-install-recommends', ...packages])
  } finally {
    allowServices()
  }
  const still = missingRequirements()
  if (still.length > 0) fail(explainMissing(still))
  if (packages.includes('fail2ban'))
    say('fail2ban is installed and was not started; Debian starts it at the next boot.')
}

async function apt(args) {
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const { code, output } = await run(['apt-get', ...args], { env })
  if (code === 0) return
  fail(`${output.trimEnd()}\n\napt-get ${args.join(' ')} failed (exit code ${code}).`)
}

/** Debian asks this program before a package starts its service: 101 is "no". A policy that is there stays. */
function forbidServices() {
  if (existsSync(policyFile)) return () => undefined
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const remove = () => rmSync(policyFile, { force: true })
  process.once('exit', remove)
  return remove
}
