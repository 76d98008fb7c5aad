/**
 * Tests whether the bans of a jail block, on a real fail2ban in a network namespace of its own: as it is, with its rules taken away as soon
 * as they are there, and with a test that BanGUI did not end. Prints what was seen, and what fail2ban's log and lists show of it, as JSON.
 * The argument is the action of the jail.
 */
import { execFileSync } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLocalHost } from '../../src/host/local-host.ts'
import { createTestHost } from '../with-host.ts'

const [action = ''] = process.argv.slice(2)
const jail = { name: 'app', options: { action: `${action}[name=app, port=80]` } }
await using at = await createTestHost({ jails: [jail, { name: 'report' }] })
const { daemon, host } = at
await cp('/etc/fail2ban/action.d', join(daemon.configDir, 'action.d'), { recursive: true })
await daemon.start()

const list = 'nft list ruleset; iptables-save; ip6tables-save; ipset list; true'
const firewall = () =>
  execFileSync('sh', ['-c', list], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
const banned = async () => (await daemon.client('get', 'app', 'banip')).output.trim()

const proof = await host.health.proveBan('app')
const addresses = proof.families.flatMap(({ address }) => address ?? [])
const isLeft = addresses.some((address) => firewall().includes(address))
const report = await host.health.proveBan('report')

// a start of the action that does nothing: the set or chain is never made
await writeFile(
  join(daemon.configDir, 'action.d', `${action}.local`),
  '[Definition]\nactionstart =\nactioncheck =\n',
)
await daemon.client('restart', 'app')
const broken = await host.health.proveBan('app')

// what the end of BanGUI would leave
const state = join(daemon.folder, 'other-state')
await mkdir(state)
const left = { jail: 'app', address: '192.0.2.77', startedAt: Date.now(), endedAt: null }
await writeFile(join(state, 'test-bans.json'), JSON.stringify([left]))
await daemon.ask('set', 'app', 'banip', left.address)
const { socketPath, configDir, clientProgram: client } = daemon
const again = createLocalHost({ socketPath, configDir, client, configWrite: 'jails', stateDir: state })
const listed = await again.bans.list('app')
const before = await banned()
await again.config.settleInterrupted()
const settled = await banned()
await again.close()

const end = new AbortController()
const events: string[] = []
for await (const batch of host.events.follow({ position: null, signal: end.signal })) {
  events.push(...batch.events.map(({ type }) => type))
  if (batch.status.state === 'following') end.abort()
}
const log = await readFile(daemon.logfile, 'utf8')
process.stdout.write(
  JSON.stringify({
    proof,
    isLeft,
    report,
    broken,
    left: { listed, before, settled },
    bansInEvents: events.filter((type) => type === 'ban').length,
    bansInLog: log.split('\n').filter((line) => / Ban /.test(line)).length,
  }),
)
