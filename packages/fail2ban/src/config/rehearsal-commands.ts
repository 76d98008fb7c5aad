import { isDaemonSetting } from '@bangui/shared'
import type { StreamCommand } from './dump-config.ts'
import { isPythonProgram } from './evaluated-seconds.ts'
import type { PythonValue } from './python-literal.ts'

/** A command that is played to the bare daemon; `jail` null: a setting of fail2ban itself. */
export interface RehearsalCommand {
  readonly jail: string | null
  /** the option that it sets, for messages */
  readonly option: string | null
  readonly args: readonly string[]
}

/** Commands that only store, compile or compute something. Others (actions, logs, `banip`, `start`) are never sent. */
const storedOptions = new Set([
  'usedns',
  'prefregex',
  'maxlines',
  'datepattern',
  'addfailregex',
  'addignoreregex',
  'addjournalmatch',
  'maxretry',
  'maxmatches',
  'findtime',
  'bantime',
  'ignorecommand',
  'ignoreself',
  'addignoreip',
  'ignorecache',
  'logtimezone',
  'logencoding',
])

/**
 * The commands of a stream that are safe to play; a list of regexes becomes one command for each. What fail2ban would run as Python is left
 * out: a preview must run nothing, since it asks for no password.
 */
export function rehearsalCommands(stream: readonly StreamCommand[]): RehearsalCommand[] {
  return stream.flatMap((command) => {
    const [verb, target, option, ...values] = command
    if (typeof target !== 'string') return []
    if (typeof option === 'string' && isPythonProgram(option, toText(values[0] ?? ''))) return []
    if (verb === 'add')
      return [{ jail: target, option: null, args: ['add', target, toText(option ?? 'auto')] }]
    if (verb === 'set' && isDaemonSetting(target)) return daemonCommand(target, option)
    if ((verb !== 'set' && verb !== 'multi-set') || typeof option !== 'string' || !isStored(option)) return []
    const sets =
      verb === 'multi-set' && Array.isArray(values[0]) ? values[0].map((value) => [value]) : [values]
    return sets.map((own) => ({
      jail: target,
      option: option.replace(/^add/, ''),
      args: ['set', target, option, ...own.map(toText)],
    }))
  })
}

/** A database in memory takes the place of the real one, so that its options are looked at too. */
function daemonCommand(name: string, value: PythonValue | undefined): RehearsalCommand[] {
  if (value === undefined) return []
  if (name === 'dbfile')
    return toText(value).toLowerCase() === 'none'
      ? []
      : [{ jail: null, option: null, args: ['set', 'dbfile', ':memory:'] }]
  if (!['allowipv6', 'dbmaxmatches', 'dbpurgeage'].includes(name) || isPythonProgram(name, toText(value)))
    return []
  return [{ jail: null, option: name, args: ['set', name, toText(value)] }]
}

const isStored = (option: string) => storedOptions.has(option) || /^bantime\.\w+$/.test(option)

function toText(value: PythonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Returns the jails that a command stream starts: those that are enabled and could be read. */
export const startedJails = (stream: readonly StreamCommand[]): string[] =>
  stream.flatMap(([verb, name]) => (verb === 'start' && typeof name === 'string' ? [name] : []))
