import { isJailName, type JailSetting } from '@bangui/shared'
import type { Fail2banConfig } from './config-model.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import { interpolate } from './interpolate.ts'
import type { Interpolated } from './interpolate.ts'
import { isYes, jailOptions } from './options.ts'

/** One jail as the configuration has it. Times are whole seconds, `-1` is permanent; null: cannot be told. */
export interface ConfiguredJail {
  readonly name: string
  readonly enabled: boolean
  readonly backend: string | null
  /** the filter's name without its options */
  readonly filter: string | null
  /** as written, globs not expanded; empty where the journal is read */
  readonly logPaths: readonly string[]
  readonly bantime: number | null
  readonly findtime: number | null
  readonly maxretry: number | null
  /** why the jail cannot be used as it is configured, in words */
  readonly problem: string | null
}

/** What the daemon does where the configuration says nothing (`banmanager.py`, `failmanager.py`). */
const daemonDefaults = { bantime: 600, findtime: 600, maxretry: 3 } as const

const backends = new Set(['auto', 'pyinotify', 'gamin', 'polling', 'systemd'])

/** Gives every jail that the configuration knows, switched on or not, in the order of the files. */
export function configuredJails(config: Fail2banConfig): ConfiguredJail[] {
  return [...config.jail.sections.keys()].filter(isJailSection).map((name) => readJail(config, name))
}

/** Gives one jail of the configuration, or undefined where it has none of that name. */
export function findConfiguredJail(config: Fail2banConfig, name: string): ConfiguredJail | undefined {
  return hasJail(config, name) ? readJail(config, name) : undefined
}

/** Whether the configuration has a jail of this name that BanGUI acts on. */
export const hasJail = (config: Fail2banConfig, name: string): boolean =>
  isJailName(name) && isJailSection(name) && config.jail.sections.has(name)

/** `[DEFAULT]` never gets this far; `[INCLUDES]` is the one other section that is no jail (`jailsreader.py`). */
const isJailSection = (name: string) => name !== 'INCLUDES' && !name.startsWith('KNOWN/')

function readJail(config: Fail2banConfig, name: string): ConfiguredJail {
  const problems: string[] = []
  const text = (key: string): Interpolated | undefined => {
    const found = interpolate(config.jail, name, key)
    if (found === undefined || found.problem === null) return found
    problems.push(`${found.problem} ${place(found)}`)
    return undefined
  }
  const number = (
    key: keyof typeof daemonDefaults,
    parse: (value: string) => number | 'refused' | 'unknown',
    what: string,
  ) => {
    if (interpolate(config.jail, name, key) === undefined) return daemonDefaults[key]
    const found = text(key)
    if (found === undefined) return null
    const parsed = parse(found.value)
    if (parsed === 'refused')
      problems.push(`${key} is “${short(found.value)}”, which is no ${what}. ${place(found)}`)
    return typeof parsed === 'number' ? parsed : null
  }
  const enabled = isYes(text('enabled')?.value ?? '')
  const backend = readBackend(text('backend'), problems)
  const filter = readFilter(config, text('filter'), problems)
  const logPaths = backend?.startsWith('systemd') === true ? [] : splitPaths(text('logpath')?.value ?? '')
  const bantime = number(
    'bantime',
    (value) => parseSeconds(value, Math.trunc),
    'duration that fail2ban can read',
  )
  const findtime = number(
    'findtime',
    (value) => parseSeconds(value, Math.round),
    'duration that fail2ban can read',
  )
  const maxretry = number('maxretry', parseWhole, 'whole number')
  return {
    name,
    enabled,
    backend,
    filter,
    logPaths,
    bantime,
    findtime,
    maxretry,
    problem: problems.join(' ') || null,
  }
}

function readBackend(found: Interpolated | undefined, problems: string[]): string | null {
  if (found === undefined) return 'auto'
  const [bare = ''] = found.value.split('[', 1)
  if (!backends.has(bare.trim().toLowerCase())) {
    problems.push(`backend is “${short(found.value)}”, which fail2ban does not know. ${place(found)}`)
  }
  return found.value
}

function readFilter(
  config: Fail2banConfig,
  found: Interpolated | undefined,
  problems: string[],
): string | null {
  const [bare = ''] = (found?.value ?? '').split('[', 1)
  const name = bare.trim()
  if (found === undefined || name === '') return null
  if (/^[\w.-]+$/.test(name) && config.filters !== null && !config.filters.has(name)) {
    problems.push(`The filter ${name} has no file in ${config.configDir}/filter.d. ${place(found)}`)
  }
  return name
}

/** A last word after a space is `head` or `tail`, not a part of the path (`jailreader.py`, `convert`). */
const splitPaths = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.replace(/ \S*$/, '').trim())
    .filter((line) => line !== '')

/** fail2ban cuts off the fraction of a bantime and keeps that of a findtime, of which whole seconds are shown. */
function parseSeconds(value: string, whole: (seconds: number) => number): number | 'refused' | 'unknown' {
  const found = evaluatedSeconds(value)
  if (found.kind === 'number') return whole(found.value)
  return found.kind === 'error' ? 'refused' : 'unknown'
}

/** What Python's `int` takes, in ASCII. */
const parseWhole = (value: string): number | 'refused' =>
  /^\s*[+-]?\d(?:_?\d){0,14}\s*$/.test(value) ? Number(value.replaceAll('_', '')) : 'refused'

const place = ({ file, line }: Interpolated) =>
  file === null ? '' : line === null ? `(${file})` : `(${file}, line ${line})`

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

/**
 * Gives the settings of a jail in effect, with file and line: what its section says, and of `[DEFAULT]` what fail2ban reads
 * for a jail. A value that cannot be filled in stays as written.
 */
export function jailSettings(config: Fail2banConfig, name: string): JailSetting[] {
  const own = config.jail.sections.get(name)?.options ?? new Map()
  const keys = [
    ...jailOptions,
    ...[...own.keys()]
      .filter((key) => !jailOptions.includes(key))
      .toSorted((one, other) => (one < other ? -1 : 1)),
  ]
  return keys.flatMap((key) => {
    const found = interpolate(config.jail, name, key)
    if (found !== undefined) return [{ key, value: found.value, file: found.file, line: found.line }]
    const builtIn = builtInOptions[key]
    return builtIn === undefined ? [] : [{ key, value: builtIn, file: null, line: null }]
  })
}

const builtInOptions: Readonly<Record<string, string>> = {
  enabled: 'false',
  backend: 'auto',
  bantime: String(daemonDefaults.bantime),
  findtime: String(daemonDefaults.findtime),
  maxretry: String(daemonDefaults.maxretry),
}

/** Gives an option of fail2ban itself (`fail2ban.conf`, `[Definition]`), or fail2ban's default where it is not set. */
export function daemonOption(config: Fail2banConfig, key: keyof typeof daemonOptions): string {
  return interpolate(config.fail2ban, 'Definition', key)?.value ?? daemonOptions[key]
}

/** `fail2banreader.py` */
const daemonOptions = {
  socket: '/var/run/fail2ban/fail2ban.sock',
  pidfile: '/var/run/fail2ban/fail2ban.pid',
  dbfile: '/var/lib/fail2ban/fail2ban.sqlite3',
  logtarget: '/var/log/fail2ban.log',
  syslogsocket: 'auto',
  loglevel: 'INFO',
} as const
