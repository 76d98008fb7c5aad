import { cleanText } from '@bangui/shared'
import { jailArgument, readVersion } from './commands.ts'
import type { StreamCommand } from './config/dump-config.ts'
import type { DaemonConnection } from './connection.ts'

type Requests = Pick<DaemonConnection, 'request'>

/** The settings of a jail that a load sets anew, as a daemon of this version has them: a text, or the entries of a list. */
export interface JailState {
  readonly version: string
  readonly settings: ReadonlyMap<string, string | readonly string[]>
}

/** Lists that a load clears before it fills them, whether the configuration sets them or not (`filter.py`). */
const lists: ReadonlySet<string> = new Set(['ignoreip', 'failregex', 'ignoreregex'])

/** The settings that both `set` and `get` know in every supported version (`transmitter.py`). */
const scalars: ReadonlySet<string> = new Set([
  'bantime',
  'findtime',
  'maxretry',
  'maxmatches',
  'maxlines',
  'usedns',
  'ignoreself',
  'ignorecommand',
  'ignorecache',
  'logencoding',
  'logtimezone',
  'datepattern',
  'prefregex',
])

const MAX_TEXT = 2000

/** The settings of a jail that loading a command stream sets: the others stay as they are in the daemon. */
export function loadedSettings(stream: readonly StreamCommand[], jail: string): string[] {
  const keys = new Set(lists)
  for (const [verb, target, option] of stream) {
    if (verb !== 'set' || target !== jail || typeof option !== 'string') continue
    if (scalars.has(option) || /^bantime\.\w+$/.test(option)) keys.add(option)
  }
  return [...keys]
}

/** Reads settings of a jail that a daemon has. @throws Fail2banCommandError for a jail that is not there */
export async function readJailState(
  connection: Requests,
  jail: string,
  keys: readonly string[],
): Promise<JailState> {
  const read = async (key: string) => {
    const value = await connection.request(['get', jailArgument(jail), key])
    return [key, lists.has(key) ? entriesOf(value) : textOf(value)] as const
  }
  const [version, settings] = await Promise.all([readVersion(connection), Promise.all(keys.map(read))])
  return { version, settings: new Map(settings) }
}

const entriesOf = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : []).map(textOf).toSorted()

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return cleanText(value).slice(0, MAX_TEXT)
  if (Array.isArray(value)) return value.map(textOf).join(' ')
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`
  const { state } = value as { readonly state?: unknown }
  const fileName = (state as { readonly fileName?: unknown } | undefined)?.fileName
  return typeof fileName === 'string'
    ? `file:${cleanText(fileName)}`
    : JSON.stringify(value).slice(0, MAX_TEXT)
}

/** A setting that two states differ in. Of a list each entry is one, `null` where it is not there. */
export interface StateDifference {
  readonly key: string
  readonly now: string | null
  readonly after: string | null
}

/** Every version writes these out in its own way. */
const versioned = new Set(['failregex', 'ignoreregex', 'prefregex', 'datepattern'])

/** Returns what becomes different when a jail goes from one state to the other. */
export function compareStates(now: JailState, after: JailState): StateDifference[] {
  const isSameVersion = now.version === after.version
  return [...after.settings].flatMap(([key, wanted]): StateDifference[] => {
    const current = now.settings.get(key)
    if (current === undefined || (!isSameVersion && versioned.has(key))) return []
    if (typeof wanted === 'string')
      return current === wanted ? [] : [{ key, now: String(current), after: wanted }]
    const there = typeof current === 'string' ? [] : current
    return [
      ...there.filter((entry) => !wanted.includes(entry)).map((entry) => ({ key, now: entry, after: null })),
      ...wanted.filter((entry) => !there.includes(entry)).map((entry) => ({ key, now: null, after: entry })),
    ]
  })
}

/** Returns whether a jail stands where a difference begins (`now`) or where it ends (`after`). */
export function hasState(state: JailState, difference: StateDifference, side: 'now' | 'after'): boolean {
  const current = state.settings.get(difference.key)
  if (typeof current === 'string') return current === difference[side]
  const entry = difference.now ?? difference.after ?? ''
  return current !== undefined && current.includes(entry) === (difference[side] !== null)
}
