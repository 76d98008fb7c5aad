/**
 * Runs the checks about the firewall on a real fail2ban in a network namespace of its own: with its bans in the firewall, after another
 * program has removed the rules, after the jail was started again, with a stranger's address in the set, and with a rule that accepts
 * everything before. Prints the problems of each as JSON. The argument is the action of the jail.
 */
import { execFileSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '@bangui/async'
import type { HealthCheckId } from '@bangui/shared'
import { problemsIn, runHealth } from '../health-run.ts'
import { createTestHost } from '../with-host.ts'

const [action = '', network = ''] = process.argv.slice(2)
const banned = ['192.0.2.1', '192.0.2.2', '2001:db8::1', ...(network === '' ? [] : [network])]
const checks: HealthCheckId[] = [
  'action-fails',
  'binary-missing',
  'blocks-nothing',
  'not-in-firewall',
  'cidr-not-blocked',
  'still-in-firewall',
  'chain-not-hooked',
  'set-full',
  'same-name',
  'accept-before',
]

const run = (command: string) => void execFileSync('sh', ['-c', command], { stdio: 'ignore' })
const runIfPossible = (command: string) => {
  try {
    run(command)
  } catch {
    // the other kind of firewall is not in use
  }
}

/** What was just banned or unbanned may be on its way into the firewall: to the checks, it is a while ago. */
const clock = () => Date.now() + 20_000
const jail = { name: 'app', options: { action: `${action}[name=app, port=80]` } }
await using at = await createTestHost({ jails: [jail] }, { clock })
const { daemon, host } = at
await cp('/etc/fail2ban/action.d', join(daemon.configDir, 'action.d'), { recursive: true })
await daemon.start()

/** Runs the checks until they say what is expected to come. */
const look = async (isReady: (problems: readonly string[]) => boolean) => {
  for (let tries = 0; ; tries += 1) {
    const results = await runHealth(host, checks)
    const problems = problemsIn(results)
    const unknown = [...results.values()].flatMap(({ check, cannotTell }) =>
      cannotTell.map(({ why }) => `${check}: ${why}`),
    )
    if (isReady(problems) || tries > 100) return [...problems, ...unknown]
    await sleep(200)
  }
}
const isFine = (problems: readonly string[]) => problems.length === 0
const hasProblem = (problems: readonly string[]) => problems.length > 0

/** Waits until every ban is in the firewall. */
const whenBlocked = async () => {
  const list = 'nft list ruleset; iptables-save; ip6tables-save; ipset list; true'
  for (let tries = 0; tries < 200; tries += 1) {
    const listed = execFileSync('sh', ['-c', list], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    if (banned.every((address) => listed.includes(address))) return
    await sleep(50)
  }
}

await daemon.ask('set', 'app', 'banip', ...banned)
await whenBlocked()
const before = await look(isFine)
runIfPossible('nft flush ruleset')
runIfPossible('iptables -F; iptables -X; ip6tables -F; ip6tables -X')
const flushed = await look(hasProblem)
await daemon.client('reload', '--restart', 'app')
await whenBlocked()
const restarted = await look(isFine)
runIfPossible('nft add element inet f2b-table addr-set-app { 198.51.100.77 }')
runIfPossible('ipset add f2b-app 198.51.100.77')
runIfPossible('iptables -I f2b-app 1 -s 198.51.100.77 -j REJECT')
const stranger = await look(hasProblem)
runIfPossible('nft delete element inet f2b-table addr-set-app { 198.51.100.77 }')
runIfPossible('ipset del f2b-app 198.51.100.77')
runIfPossible('iptables -D f2b-app -s 198.51.100.77 -j REJECT')
runIfPossible('iptables -I INPUT 1 -p tcp --dport 80 -j ACCEPT')
const accepted = await look(() => true)
runIfPossible('iptables -F INPUT')
runIfPossible('nft flush chain inet f2b-table f2b-chain')
const unhooked = await look(hasProblem)
process.stdout.write(JSON.stringify({ before, flushed, restarted, stranger, accepted, unhooked }))
