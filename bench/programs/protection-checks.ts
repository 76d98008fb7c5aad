/**
 * Runs all checks of the protection on a real fail2ban with 20 jails and 5,000 bans, in a network namespace of its own where it was
 * started in one: then the bans are in sets of nftables. Prints one line of JSON for each run: the processor time of BanGUI and
 * of the programs that it ran, and the delay of the event loop meanwhile; and a last line for `fail2ban-client status` of each jail.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { createLocalHost, createPrivateDaemon } from '@bangui/fail2ban'
import { healthChecks } from '@bangui/shared'
import { inventedAddress } from '../lib/daemons.ts'

const RUNS = 3
const JAILS = 20
const BANS_OF_A_JAIL = 250
/** what monitorEventLoopDelay adds by itself */
const RESOLUTION_MS = 5

const isInNamespace = process.argv[2] === 'firewall'
const names = Array.from({ length: JAILS }, (_, index) => `jail-${index}`)
const banned = (index: number) =>
  Array.from({ length: BANS_OF_A_JAIL }, (_, at) => inventedAddress(index * BANS_OF_A_JAIL + at))

/** The bans are put into the sets at once, since 5,000 programs would take minutes: the action itself only says where they are. */
const action = `[Definition]
actionstart =
actionstop =
actioncheck =
actionban = : nft add element inet f2b-table addr-set-<name> { <ip> }
actionunban =
`
const rulesOf = (name: string, index: number) => `add set inet f2b-table addr-set-${name} { type ipv4_addr; }
add element inet f2b-table addr-set-${name} { ${banned(index).join(', ')} }
add rule inet f2b-table f2b-chain tcp dport 80 ip saddr @addr-set-${name} reject
`

const jailOf = (name: string) => ({
  name,
  bantime: -1,
  options: { action: isInNamespace ? `sets[name=${name}]` : 'noop' },
})
await using daemon = await createPrivateDaemon({ jails: names.map(jailOf) })
await writeFile(join(daemon.configDir, 'action.d', 'sets.conf'), action)
await daemon.start()
for (const [index, name] of names.entries()) await daemon.client('set', name, 'banip', ...banned(index))
if (isInNamespace) {
  const table = `add table inet f2b-table
add chain inet f2b-table f2b-chain { type filter hook input priority -1; }
`
  execFileSync('nft', ['-f', '-'], { input: table + names.map(rulesOf).join('') })
}

/** A thread that does nothing has the delays of the machine. */
const idleThread = `
  const { monitorEventLoopDelay } = require('node:perf_hooks')
  const { parentPort } = require('node:worker_threads')
  const delay = monitorEventLoopDelay({ resolution: ${RESOLUTION_MS} })
  delay.enable()
  parentPort.once('message', () => parentPort.postMessage(delay.percentile(99)))`

const host = createLocalHost({
  socketPath: daemon.socketPath,
  configDir: daemon.configDir,
  client: daemon.clientProgram,
  startCommand: daemon.startCommand,
  configWrite: 'off',
  stateDir: join(daemon.folder, 'state'),
})
const checks = healthChecks.map(({ id }) => id)
const history = { visitors: [], returns: [], repeats: [], failures: [], tuned: [], allowed: [] }
for (let run = 0; run < RUNS; run += 1) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const [own, children] = [process.cpuUsage(), childTime()]
  const idle = new Worker(idleThread, { eval: true })
  await once(idle, 'online')
  delay.enable()
  let results = 0
  for await (const _result of host.health.run({ checks, history })) results += 1
  delay.disable()
  const { user, system } = process.cpuUsage(own)
  const inMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  idle.postMessage('end', [])
  const [idleP99] = (await once(idle, 'message')) as [number]
  print({
    event: 'run',
    results,
    own: (user + system) / 1000,
    children: childTime() - children,
    p99: inMs(delay.percentile(99)),
    max: inMs(delay.max),
    idleP99: inMs(idleP99),
  })
}
const before = childTime()
for (const name of names) await daemon.client('status', name)
print({ event: 'status', children: childTime() - before })
await host.close()

/** Returns the processor time of the programs that ended, in milliseconds. */
function childTime(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
