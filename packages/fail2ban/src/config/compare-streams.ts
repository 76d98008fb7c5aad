import { isDaemonSetting } from '@bangui/shared'
import type { StreamCommand } from './dump-config.ts'

/**
 * What a load of the second stream means for a jail: it is `added` or `removed`, its settings differ (`reload`), or its actions
 * or its backend do, or an option is gone, which a reload would not take over (`restart`).
 */
export type JailDifference = 'added' | 'removed' | 'reload' | 'restart'

/** The differences of two command streams. */
export interface StreamComparison {
  /** the jails that differ */
  readonly jails: ReadonlyMap<string, JailDifference>
  /** the settings of fail2ban itself that differ, each with the new value as text; null: it has none any more */
  readonly daemon: ReadonlyMap<string, string | null>
}

/** The commands of a load before and after a change. */
export interface Streams {
  readonly before: readonly StreamCommand[]
  readonly after: readonly StreamCommand[]
  readonly comparison: StreamComparison
}

/** Compares the command streams of two configurations, jail by jail. */
export function compareStreams(
  before: readonly StreamCommand[],
  after: readonly StreamCommand[],
): StreamComparison {
  const one = splitStream(before)
  const other = splitStream(after)
  const jails = new Map<string, JailDifference>()
  for (const name of one.jails.keys()) if (!other.jails.has(name)) jails.set(name, 'removed')
  for (const [name, commands] of other.jails) {
    const difference = compareJail(one.jails.get(name), commands)
    if (difference !== null) jails.set(name, difference)
  }
  // a stream without them is that of a configuration that fail2ban refuses as a whole
  const isKnown = one.daemon.size > 0 && other.daemon.size > 0
  const keys = new Set(isKnown ? [...one.daemon.keys(), ...other.daemon.keys()] : [])
  const changed = [...keys].filter((key) => one.daemon.get(key) !== other.daemon.get(key))
  return { jails, daemon: new Map(changed.map((key) => [key, other.daemon.get(key) ?? null])) }
}

/** The commands of a jail as texts: those that only its start takes over, and the others. */
interface JailCommands {
  readonly atStart: readonly string[]
  readonly others: readonly string[]
  /** the options that the others set */
  readonly options: ReadonlySet<string>
}

/** A reload gives up what these added: of each other option it keeps the value until there is another one. */
const emptiedByReload: ReadonlySet<string> = new Set([
  'addfailregex',
  'addignoreregex',
  'addignoreip',
  'addlogpath',
  'addjournalmatch',
])

function compareJail(before: JailCommands | undefined, after: JailCommands): JailDifference | null {
  if (before === undefined) return 'added'
  if (!isEqual(before.atStart, after.atStart)) return 'restart'
  const isKept = (option: string) => !emptiedByReload.has(option) && !after.options.has(option)
  if ([...before.options].some(isKept)) return 'restart'
  return isEqual(before.others, after.others) ? null : 'reload'
}

const isEqual = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((text, index) => text === other[index])

interface SplitStream {
  readonly jails: ReadonlyMap<string, JailCommands>
  readonly daemon: ReadonlyMap<string, string>
}

/** Only a jail that the stream starts is there: of the others fail2ban could not read the configuration. */
function splitStream(stream: readonly StreamCommand[]): SplitStream {
  const jails = new Map<string, { atStart: string[]; others: string[]; options: Set<string> }>()
  const started = new Set<string>()
  const daemon = new Map<string, string>()
  for (const command of stream) {
    const [verb, target, option] = command
    if (typeof target !== 'string') continue
    if (verb === 'set' && isDaemonSetting(target)) {
      daemon.set(target, typeof option === 'string' ? option : JSON.stringify(option ?? null))
      continue
    }
    if (verb === 'start') started.add(target)
    if (verb !== 'add' && verb !== 'set' && verb !== 'multi-set') continue
    const jail = jails.get(target) ?? { atStart: [], others: [], options: new Set() }
    jails.set(target, jail)
    const isAtStart = verb === 'add' || option === 'addaction' || option === 'action'
    jail[isAtStart ? 'atStart' : 'others'].push(JSON.stringify(command))
    if (!isAtStart && typeof option === 'string') jail.options.add(option)
  }
  return { jails: new Map([...jails].filter(([name]) => started.has(name))), daemon }
}

/** Returns what a stream sets an option of a jail to, each value as a text. */
export const valuesInStream = (stream: readonly StreamCommand[], jail: string, option: string): string[] =>
  stream.flatMap(([verb, target, key, ...values]) =>
    verb === 'set' && target === jail && key === option ? values.map(String) : [],
  )
