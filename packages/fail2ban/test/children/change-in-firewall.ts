/**
 * Changes the port, a parameter of the action, and the banaction of a jail with bans, through the host, on a real fail2ban in a network
 * namespace of its own; then somebody else changes port and banaction in a file, and the host reloads the jail and everything. Prints what
 * the firewall has after each change, and how it compares when it was flushed, as JSON. The arguments are the banactions, one after the other.
 */
import { execFileSync } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '@bangui/async'
import type { ChangeInput, LoadRequest } from '../../src/models/change-models.ts'
import type { ConfigEdit } from '../../src/models/edit-models.ts'
import { createTestHost } from '../with-host.ts'

const [first = '', ...others] = process.argv.slice(2)
const banned = ['192.0.2.1', '192.0.2.2', '2001:db8::1']

const options = {
  banaction: first,
  port: '80',
  protocol: 'tcp',
  chain: 'INPUT',
  action: '%(banaction)s[name=%(__name__)s, port="%(port)s", protocol="%(protocol)s", chain="%(chain)s"]',
}
await using at = await createTestHost({ jails: [{ name: 'app', options }] }, { configWrite: 'all' })
const { daemon, host } = at
await cp('/etc/fail2ban/action.d', join(daemon.configDir, 'action.d'), { recursive: true })
await daemon.start()

const read = (command: string) =>
  execFileSync('sh', ['-c', `${command} || true`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
const linesOf = (text: string, wanted: RegExp) =>
  text.split('\n').flatMap((line) => wanted.exec(line)?.[1]?.trim() ?? [])

/** Returns everything that is in the firewall, but for empty chains of the system. */
function look() {
  const sets = read('ipset save')
  // what iptables has is in tables of nft as well
  const table = read('nft list table inet f2b-table')
  return {
    iptables: [
      ...linesOf(read('iptables-save'), /^(-A .+|:f2b.+?) ?(?:\[.*)?$/),
      ...linesOf(read('ip6tables-save'), /^(-A .+|:f2b.+?) ?(?:\[.*)?$/),
    ].toSorted(),
    ipset: linesOf(sets, /^(?:create|add) (\S+ \S+)/).toSorted(),
    nftables: linesOf(table, /^\s+((?:set|elements|tcp) .+?)(?: \{)?$/),
  }
}

async function whenBlocked() {
  for (let tries = 0; ; tries += 1) {
    const found = look()
    const text = JSON.stringify(found)
    if (banned.every((address) => text.includes(address)) || tries > 200) return found
    await sleep(50)
  }
}

const set = (key: string, value: string | null): ConfigEdit => ({
  kind: 'set',
  scope: 'jail',
  name: 'app',
  key,
  value,
})

/** Changes an option and returns what the firewall then has. */
async function change(key: string, value: string | null) {
  return apply({ edits: [set(key, value)] }, `${value}`)
}

async function apply(input: Pick<ChangeInput, 'edits' | 'load'>, what: string) {
  const staged = await host.config.stage({ ...input, title: 'A change of a test' })
  const outcome = staged && (await host.config.apply(staged.changeId))
  if (outcome?.applied !== true) throw new Error(outcome?.output ?? 'Nothing was changed.')
  const [compared] = await host.health.compareBans(['app'])
  if (compared?.banned !== banned.length || compared.missing > 0 || compared.why !== null)
    throw new Error(`${what}: ${JSON.stringify(compared)}`)
  return whenBlocked()
}

/** Somebody else edits the files, and the host loads them. */
async function loadEdited(lines: string, load: LoadRequest) {
  await writeFile(join(daemon.configDir, 'jail.d', 'zzz-other.local'), `[app]\n${lines}\n`)
  return apply({ edits: [], load }, lines)
}

/** How a change that touches no action is loaded. */
async function loadOfRetries() {
  const { load } = await host.config.preview({ edits: [set('maxretry', '9')] })
  return Array.isArray(load) ? load.map(({ how }) => how as string).join() : 'everything'
}

await daemon.ask('set', 'app', 'banip', ...banned)
const steps = [await whenBlocked(), await change('port', '8080')]
steps.push(await change('action', options.action.replace(']', ', blocktype=DROP]')))
await change('action', null)
const loads = [await loadOfRetries()]
for (const banaction of others) {
  steps.push(await change('banaction', banaction))
  if (loads.length < 3) loads.push(await loadOfRetries())
}
// somebody else removes the rules
for (const program of ['iptables', 'ip6tables']) execFileSync(program, ['-F'])
const flushed = await host.health.compareBans(['app'])
const edited = [
  await loadEdited('port = 9090', { jail: 'app', how: 'reload' }),
  await loadEdited(`port = 9090\nbanaction = ${others[0] ?? first}`, { all: true }),
]
process.stdout.write(JSON.stringify({ steps, loads, edited, flushed }))
