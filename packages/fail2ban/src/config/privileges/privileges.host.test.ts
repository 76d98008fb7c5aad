import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { editIn, planIn, setIn } from '../../../test/planned-edits.ts'
import { isHostError } from '../../host-error.ts'
import { createPrivateDaemon } from '../../private-daemon.ts'
import { knownFormulas } from '../catalogue/grammars.ts'
import { emptyDraft } from '../draft.ts'
import { planChange, planEdits } from '../plan-edits.ts'
import { readFail2banConfig } from '../read-config.ts'
import { findForbiddenCommand } from './compare-commands.ts'
import type { PrivateDaemon } from '../../private-daemon.ts'

/** A row of the table of privileges: an option, and a value that runs or opens something as root. */
interface Row {
  readonly key: string
  /** `marker` is a file that the payload creates */
  readonly payload: (marker: string) => string
  /** the jail's action, which an administrator has set @default noop */
  readonly action?: string
  /** when it runs @default ban */
  readonly runs?: 'load' | 'failure'
}

const touch = (marker: string) => `$(touch ${marker})`
/** The versions of fail2ban put some values in quotes. */
const inAnyQuotes = (marker: string) => `${touch(marker)}'${touch(marker)}'`
const python = (marker: string) => `__import__("os").system("touch ${marker}")`
const noop = (marker: string) => `noop[actionban="touch ${marker}"]`

const rows: readonly Row[] = [
  { key: 'port', action: '%(block)s', payload: (marker) => `ssh${touch(marker)}` },
  { key: 'protocol', action: '%(block)s', payload: inAnyQuotes },
  { key: 'chain', action: '%(block)s', payload: inAnyQuotes },
  { key: 'destemail', action: '%(mail)s', payload: touch },
  { key: 'sender', action: '%(mail)s', payload: touch },
  { key: 'banaction', action: '%(banaction)s', payload: noop },
  { key: 'banaction_allports', action: '%(banaction_allports)s', payload: noop },
  { key: 'mta', action: '%(mta)s', payload: () => '../../evil' },
  { key: 'action', payload: noop },
  { key: 'action_', action: '%(action_)s', payload: noop },
  { key: 'unknown', action: '%(unknown)s', payload: noop },
  { key: 'ignorecommand', runs: 'failure', payload: (marker) => `touch ${marker}` },
  {
    key: 'ignorecache',
    runs: 'load',
    payload: (marker) => `key="<ip>", max-count=10, max-time="${python(marker).replaceAll('"', "'")}"`,
  },
  { key: 'bantime', runs: 'load', payload: python },
  { key: 'findtime', runs: 'load', payload: python },
  { key: 'bantime.maxtime', runs: 'load', payload: python },
  { key: 'bantime.rndtime', runs: 'load', payload: python },
  { key: 'bantime.factor', runs: 'load', payload: python },
]

const blockAction =
  'iptables-multiport[iptables="true", port="%(port)s", protocol="%(protocol)s", chain="%(chain)s"]'
/** The action of the jails with another value of a parameter. */
const inBlock = (key: string, value: string) =>
  blockAction.replace(new RegExp(`${key}="[^"]*"`), () => `${key}="${value}"`)

/** The options that run nothing by themselves, and choose what is read or where it is written. */
const otherRows: readonly (readonly [key: string, value: string])[] = [
  ['action', '../../evil.py'],
  ['bantime.formula', '__import__("os").system("id")'],
  ['action', inBlock('port', `ssh${touch('x')}`)],
  ['action', inBlock('chain', inAnyQuotes('x'))],
  ['action', inBlock('protocol', 'tcp", actionban="touch x')],
  ['action', inBlock('iptables', 'false')],
  ['filter', '../../evil'],
  ['filter', 'app[x="$(id)"]'],
  ['logpath', '/etc/shadow'],
  ['backend', 'systemd[journalpath=/x]'],
  ['ignoreip', 'file:/etc/shadow'],
  ['fail2ban_agent', touch('x')],
  ['action_mw', noop('x')],
  ['action_mwl', noop('x')],
  ['bantime.multipliers', python('x')],
  ['logencoding', touch('x')],
  ['usedns', touch('x')],
  ['usedns', 'raw'],
  ['failregex', '^ z (?P<ip4>.+)$'],
  ['prefregex', '^<F-ID>.+</F-ID>$'],
  ['maxretry', python('x')],
]

const base = (log: string) => `[DEFAULT]
port = ssh
protocol = tcp
chain = INPUT
destemail = root
sender = fail2ban
banaction = noop
banaction_allports = noop
mta = noop
action_ = noop
unknown = noop
block = ${blockAction}
mail = sendmail-whois[mailcmd="true", dest="%(destemail)s", sender="%(sender)s"]
filter = app
logpath = ${log}
bantime.increment = true
${rows.map((row) => `[${jailOf(row)}]\nenabled = false\naction = ${row.action ?? 'noop'}\n`).join('')}
`

const jailOf = ({ key }: Row) => `row-${key.replaceAll('.', '-')}`

/** A path without digits, since fail2ban takes those in durations for numbers. */
const lettersOnly = () => randomUUID().replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))

const folder = join(tmpdir(), `bgt-${lettersOnly()}`)
const markerOf = (row: Row) => join(folder, `ran-${jailOf(row)}`)
let daemon: PrivateDaemon

beforeAll(async () => {
  daemon = await createPrivateDaemon({ folder, jails: [{ name: 'app' }] })
  await cp('/etc/fail2ban/action.d', join(daemon.configDir, 'action.d'), { recursive: true, force: false })
  await writeFile(join(daemon.configDir, 'jail.d', 'base.conf'), base(join(folder, 'logs', 'app.log')))
  const evil = `[Definition]\nactionban = touch ${join(folder, 'ran-row-mta')}\n`
  await writeFile(join(folder, 'evil.conf'), evil)
})

afterAll(async () => {
  await daemon.dispose()
  await rm(folder, { recursive: true, force: true })
})

const filesIn = async (path: string) => (await readdir(path, { recursive: true })).toSorted()

/** The ways of a payload into the configuration. */
function waysOf(jail: string, key: string, value: string): Record<string, Edit[]> {
  const line = `${key} = ${value.replaceAll('\n', '\n  ')}`
  const file = (name: string, content: string): Edit => ({ kind: 'file', file: name, content })
  const inDefault = (option: string, text: string): Edit => ({
    kind: 'set',
    scope: 'default',
    key: option,
    value: text,
  })
  return {
    'by form': [setIn(jail, key, value)],
    'by form, in a jail that runs': [setIn('app', key, value)],
    'by text': [file('jail.local', `[${jail}]\n${line}\n`)],
    'by text, in a jail that is new': [file('jail.d/x.local', `[new]\n${line}\nenabled = false\n`)],
    'by text, in capitals and with a colon': [
      file('jail.d/x.local', `[${jail}]\n${key.toUpperCase()}: ${value.replaceAll('\n', '\n  ')}\n`),
    ],
    'in [DEFAULT]': [inDefault(key, value)],
    'in [DEFAULT], by text': [file('jail.local', `[DEFAULT]\n${line}\n`)],
    'through a variable': [inDefault('var', value), setIn(jail, key, '%(var)s')],
    'through another option': [
      setIn(jail, 'datepattern', value.replaceAll('\n', ' ')),
      setIn(jail, key, '%(datepattern)s'),
    ],
    'in a copy of a jail': [
      { kind: 'create', scope: 'jail', name: 'copy', from: jail },
      setIn('copy', key, value),
    ],
    'by an include': [
      file('jail.local', '[INCLUDES]\nafter = filter.d/x.local\n'),
      file('filter.d/x.local', `[${jail}]\n${line}\n`),
    ],
  }
}

describe('at the level of jails, on a real configuration', () => {
  it.each([
    ...rows.map((row) => [row.key, row.payload(markerOf(row)), jailOf(row)] as const),
    ...otherRows.map(([key, value]) => [key, value, 'row-port'] as const),
  ])('%s = %s is refused, whatever the way', async (key, value, jail) => {
    const before = await filesIn(daemon.configDir)
    for (const [way, edits] of Object.entries(waysOf(jail, key, value))) {
      const error = await planIn(daemon.configDir, edits).catch((reason: unknown) => reason)
      expect(
        isHostError(error, 'config_not_allowed', 'config_refused') && error.message,
        `${way}: ${String(error)}`,
      ).toMatch(/^[^\n]+\.$/)
    }
    expect(await filesIn(daemon.configDir)).toEqual(before)
  })
})

it('at the level of all, each of the payloads is written unless it is Python for a number, and fail2ban runs it', async () => {
  const textOf = (row: Row) =>
    `[${jailOf(row)}]\nenabled = true\n${row.key} = ${row.payload(markerOf(row))}\n`
  // a duration or a factor that is Python is refused at every level; here it stands in a file that somebody else wrote
  const isNumber = ({ key }: Row) => /^(?:bantime|findtime|bantime\.(?:maxtime|rndtime|factor))$/.test(key)
  for (const row of rows.filter(isNumber)) {
    const program: Edit = { kind: 'file', file: 'jail.d/python.local', content: textOf(row) }
    await expect(planIn(daemon.configDir, [program], { level: 'all' })).rejects.toThrow(/as Python/)
  }
  await writeFile(
    join(daemon.configDir, 'jail.d', 'durations.conf'),
    rows.filter(isNumber).map(textOf).join(''),
  )
  const text = rows.filter((row) => !isNumber(row)).map(textOf)
  const edit: Edit = { kind: 'file', file: 'jail.d/rows.local', content: text.join('') }
  await expect(planIn(daemon.configDir, [edit])).rejects.toThrow(/BANGUI_CONFIG_WRITE=all/)
  await editIn(daemon.configDir, [edit], { level: 'all' })
  // a jail of such a name is never written, at no level
  const named = join(folder, 'ran-name')
  await writeFile(
    join(daemon.configDir, 'jail.d', 'name.conf'),
    `[j${touch(named)}]\nenabled = true\naction = %(block)s\n`,
  )
  await daemon.start()
  for (const row of rows.filter(({ runs }) => runs === undefined))
    await daemon.ask('set', jailOf(row), 'banip', '192.0.2.7')
  await daemon.ask('set', `j${touch(named)}`, 'banip', '192.0.2.7')
  await daemon.logFailure('app', '192.0.2.9')
  const wanted = [...rows.map(markerOf), named]
  await vi.waitFor(() => expect(wanted.filter((path) => !existsSync(path))).toEqual([]), { timeout: 60_000 })
  await daemon.stop()
})

it('a firewall action and a formula of the lists are chosen and a plain parameter is set, and fail2ban itself finds no other change', async () => {
  const draft = emptyDraft(await readFail2banConfig(daemon.configDir), 'jails')
  const chosen = [
    setIn('row-banaction', 'banaction', 'ufw'),
    setIn('app', 'bantime.formula', knownFormulas[2]),
  ]
  await planEdits(draft, chosen)
  const tools = { client: 'fail2ban-client' }
  expect(await findForbiddenCommand(await planChange(draft, chosen), tools)).toBeUndefined()
  const inAll: Edit[] = [{ kind: 'set', scope: 'default', key: 'banaction', value: 'nftables-multiport' }]
  await planEdits(draft, inAll)
  expect(await findForbiddenCommand(await planChange(draft, inAll), tools)).toBeUndefined()
  const inAction = [setIn('row-port', 'action', inBlock('port', 'ssh,2222'))]
  await planEdits(draft, inAction)
  expect(await findForbiddenCommand(await planChange(draft, inAction), tools)).toBeUndefined()
  const evil = [setIn('row-port', 'action', inBlock('port', touch('x')))]
  expect(await findForbiddenCommand(await planChange(draft, evil), tools)).toMatchObject({ needs: 'all' })
  const other = [...chosen, setIn('row-action_', 'action_', noop('x'))]
  expect(await findForbiddenCommand(await planChange(draft, other), tools)).toMatchObject({ needs: 'all' })
})

it('the files that fail2ban itself writes change at the level of all only, and its socket and pidfile never', async () => {
  await using own = await createPrivateDaemon({ jails: [{ name: 'app' }] })
  const victim = join(own.folder, 'victim')
  await writeFile(victim, 'mine\n')
  const set = (key: string, value: string): Edit => ({ kind: 'set', scope: 'fail2ban', key, value })
  const text = (line: string): Edit => ({
    kind: 'file',
    file: 'fail2ban.d/x.local',
    content: `[DEFAULT]\n${line}\n`,
  })
  for (const key of ['logtarget', 'dbfile', 'syslogsocket', 'stacksize', 'unknown'])
    for (const edit of [set(key, victim), text(`${key} = ${victim}`)])
      await expect(planIn(own.configDir, [edit])).rejects.toMatchObject({ params: { needs: 'all' } })
  for (const key of ['socket', 'pidfile'])
    for (const edit of [set(key, victim), text(`${key} = ${victim}`), text(`${key.toUpperCase()}:${victim}`)])
      await expect(planIn(own.configDir, [edit], { level: 'all' })).rejects.toMatchObject({
        code: 'config_not_allowed',
        params: { needs: 'never' },
      })
  await editIn(own.configDir, [set('logtarget', victim)], { level: 'all' })
  await own.start()
  await vi.waitFor(async () => expect(await readFile(victim, 'utf8')).toMatch(/^mine\n.*Starting Fail2ban/s))
})
