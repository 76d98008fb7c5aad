import { isJailName } from '@bangui/shared'
import { findOption } from './catalogue/catalogue.ts'
import type { Fail2banConfig } from './config-model.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import { interpolate } from './interpolate.ts'
import { isYes } from './options.ts'

/** One jail as configured. Times are whole seconds, `-1` is permanent; null: not known. */
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
}

/** The defaults of the daemon where the configuration sets nothing (`banmanager.py`, `failmanager.py`). */
const daemonDefaults = { bantime: 600, findtime: 600, maxretry: 3 } as const

/** The backends of the versions that BanGUI supports, in lower case. */
export const backends: ReadonlySet<string> = new Set(findOption('jail', 'backend')?.choices)

/** Returns every configured jail, enabled or not, in the order of the files. */
export function configuredJails(config: Fail2banConfig): ConfiguredJail[] {
  return [...config.jail.sections.keys()].filter(isJailSection).map((name) => readJail(config, name))
}

/** Returns one jail of the configuration; undefined: no jail has that name. */
export function findConfiguredJail(config: Fail2banConfig, name: string): ConfiguredJail | undefined {
  return hasJail(config, name) ? readJail(config, name) : undefined
}

/** Returns whether the configuration has a jail of this name that BanGUI acts on. */
export const hasJail = (config: Fail2banConfig, name: string): boolean =>
  isJailName(name) && isJailSection(name) && config.jail.sections.has(name)

/** `[DEFAULT]` never gets this far; `[INCLUDES]` is the one other section that is no jail (`jailsreader.py`). */
const isJailSection = (name: string) => name !== 'INCLUDES' && !name.startsWith('KNOWN/')

function readJail(config: Fail2banConfig, name: string): ConfiguredJail {
  const text = (key: string): string | undefined => {
    const found = interpolate(config.jail, name, key)
    return found?.problem === null ? found.value : undefined
  }
  const number = (key: keyof typeof daemonDefaults, parse: (value: string) => number | undefined) => {
    if (interpolate(config.jail, name, key) === undefined) return daemonDefaults[key]
    const value = text(key)
    return (value === undefined ? undefined : parse(value)) ?? null
  }
  const backend = interpolate(config.jail, name, 'backend') === undefined ? 'auto' : (text('backend') ?? null)
  return {
    name,
    enabled: isYes(text('enabled') ?? ''),
    backend,
    filter: text('filter')?.split('[', 1)[0]?.trim() || null,
    logPaths: backend?.startsWith('systemd') === true ? [] : splitPaths(text('logpath') ?? ''),
    // fail2ban cuts off the fraction of a bantime and keeps that of a findtime, of which whole seconds are shown
    bantime: number('bantime', (value) => readSeconds(value, Math.trunc)),
    findtime: number('findtime', (value) => readSeconds(value, Math.round)),
    maxretry: number('maxretry', parseWhole),
  }
}

function readSeconds(value: string, whole: (seconds: number) => number): number | undefined {
  const found = evaluatedSeconds(value)
  return found.kind === 'number' ? whole(found.value) : undefined
}

/** A last word after a space is `head` or `tail`, not a part of the path (`jailreader.py`, `convert`). */
const splitPaths = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.replace(/ \S*$/, '').trim())
    .filter((line) => line !== '')

/** Returns the number that Python's `int` reads from ASCII text; undefined: it is none. */
export const parseWhole = (value: string): number | undefined =>
  /^\s*[+-]?\d(?:_?\d){0,14}\s*$/.test(value) ? Number(value.replaceAll('_', '')) : undefined

/** Returns an option of fail2ban itself (`fail2ban.conf`, `[Definition]`), or fail2ban's default where it is not set. */
export const daemonOption = (config: Fail2banConfig, key: DaemonOption): string =>
  interpolate(config.fail2ban, 'Definition', key)?.value ?? findOption('fail2ban', key)?.default ?? ''

type DaemonOption = 'socket' | 'pidfile' | 'dbfile' | 'logtarget' | 'syslogsocket' | 'loglevel'
