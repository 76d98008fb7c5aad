import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { StreamCommand } from '../src/config/dump-config.ts'
import { parseWhole } from '../src/config/list-jails.ts'
import { actionOptions, filterOptions, isYes, switchOptions, wholeOptions } from '../src/config/options.ts'
import type { PythonValue } from '../src/config/python-literal.ts'
import type { ResolvedAction, ResolvedJail } from '../src/config/resolve-jail.ts'

const notSent = new Set([
  ...filterOptions,
  'action',
  'filter',
  'enabled',
  'backend',
  'skip_if_nologs',
  'systemd_if_nologs',
])
const actionSwitches = new Set(['actionstart_on_demand', 'actionrepair_on_unban', 'norestored'])

export interface StreamOptions {
  readonly configDir: string
  readonly version: string
}

const is = (version: string, least: string) => version.localeCompare(least, 'en', { numeric: true }) >= 0

/** Returns the commands of a jail as `fail2ban-client -d` prints them, made of what BanGUI reads (`jailreader.py`, `convert`). */
export function streamOf(jail: ResolvedJail, { configDir, version }: StreamOptions): StreamCommand[] {
  const { name, options } = jail
  const stream: StreamCommand[] = []
  const given = new Map([...options].map(([key, { value }]) => [key, converted(key, value)]))
  if (!given.has('backend')) given.set('backend', 'auto')
  const filter = jail.filter?.values ?? new Map()
  fill(stream, name, new Map([...filter].map(([key, { text }]) => [key, converted(key, text)])))
  fill(stream, name, given)
  let backend = String(given.get('backend'))
  const logs: StreamCommand[] = []
  for (const [key, value] of given) {
    if (key === 'logpath') {
      if (backend.startsWith('systemd')) continue
      logs.push(...logsOf(name, String(value)))
      const hasJournal = is(version, '1.1.1') && given.has('journalmatch')
      if (logs.length === 0 && hasJournal && backend.startsWith('auto')) backend = 'systemd'
    } else if (key === 'ignoreip')
      stream.push(['set', name, 'addignoreip', ...wordsOf(String(value), version)])
    else if (!notSent.has(key)) stream.push(['set', name, key, value])
  }
  const actions = jail.actions.flatMap((action) =>
    action === null ? [] : actionCommands(name, action, configDir),
  )
  return [['add', name, backend], ...stream, ...logs, ...actions]
}

/** `splitwords` of `helpers.py`: a tab separates words from 1.1.0 on. */
const wordsOf = (text: string, version: string): string[] =>
  text
    .split(is(version, '1.1.0') ? /[\s,]+/ : /[ ,\n]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

type Plain = string | number | boolean | null

function converted(key: string, value: string): Plain {
  if (switchOptions.has(key)) return isYes(value)
  return wholeOptions.has(key) ? (parseWhole(value) ?? null) : value
}

/** `FilterReader._fillStream` */
function fill(stream: StreamCommand[], jail: string, options: ReadonlyMap<string, Plain>): void {
  let first = 0
  for (const [key, value] of options) {
    if (value === null) continue
    const lines = String(value)
      .split('\n')
      .filter((line) => line !== '')
    if (key === 'failregex' || key === 'ignoreregex') {
      if (lines.length > 1) stream.push(['multi-set', jail, `add${key}`, lines])
      else if (lines.length === 1) stream.push(['set', jail, `add${key}`, lines[0] ?? ''])
    } else if (['usedns', 'maxlines', 'prefregex'].includes(key)) {
      stream.splice(key === 'usedns' ? 0 : first, 0, ['set', jail, key, value])
      first += 1
    } else if (key === 'datepattern') stream.push(['set', jail, key, value])
    else if (key === 'journalmatch')
      for (const line of lines) stream.push(['set', jail, 'addjournalmatch', ...shellWords(line)])
  }
}

const shellWords = (text: string): string[] =>
  (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  )

const logsOf = (jail: string, value: string): StreamCommand[] =>
  value.split('\n').flatMap((line) => {
    const at = line.lastIndexOf(' ')
    const [path, tail] = at === -1 ? [line, 'head'] : [line.slice(0, at), line.slice(at + 1)]
    return globSync(path).map((found) => ['set', jail, 'addlogpath', found, tail])
  })

/** `ActionReader.convert` */
function actionCommands(jail: string, action: ResolvedAction, configDir: string): StreamCommand[] {
  const { name, actionName, values, init, parameters } = action
  if (name.endsWith('.py')) {
    const own = Object.fromEntries([...parameters].filter(([key]) => key !== 'actname'))
    return [['set', jail, 'addaction', actionName, join(configDir, 'action.d', name), own]]
  }
  const pairs: [string, PythonValue][] = []
  for (const [key, { text }] of values)
    if (actionOptions.has(key)) pairs.push([key, actionSwitches.has(key) ? isYes(text) : text])
  for (const [key, { text }] of init)
    if (!actionOptions.has(key) && !key.startsWith('known/')) pairs.push([key, text])
  return [
    ['set', jail, 'addaction', actionName],
    ...(pairs.length > 0 ? [['multi-set', jail, 'action', actionName, pairs]] : []),
  ]
}

/** Returns a stream in a form that can be compared: logs in the order of their names, parameters of programs as objects. */
export function comparable(stream: readonly StreamCommand[]): unknown[] {
  const logs = stream.filter(([, , verb]) => verb === 'addlogpath')
  const others = stream.filter(([, , verb]) => verb !== 'addlogpath')
  return [
    ...others.map((command) =>
      command[2] === 'addaction' && command.length === 6 && typeof command[5] === 'string'
        ? [...command.slice(0, 5), JSON.parse(command[5])]
        : command,
    ),
    ...logs.map((command) => JSON.stringify(command)).sort(),
  ]
}
