import { LockOutCause, type LockOutRisk } from '@bangui/shared'
import type { StreamCommand } from './dump-config.ts'
import type { PythonValue } from './python-literal.ts'

/** The options of a jail that decide which lines count as failures, as commands of a load. */
const regexOptions = new Set([
  'prefregex',
  'addfailregex',
  'addignoreregex',
  'datepattern',
  'maxlines',
  'usedns',
])

/** The options of a jail that decide whom it never bans, as commands of a load. */
const ignoreOptions = new Set(['addignoreip', 'ignoreself', 'ignorecommand', 'ignorecache'])

/** Actions that block every port, by their names. */
const blocksAllPorts = /allports|^route|^hostsdeny|^ufw/

/** What a load makes of a jail. */
interface JailCommands {
  readonly ignores: string[]
  readonly regexes: string[]
  /** everything else but actions */
  readonly others: string[]
  readonly actions: Map<string, Map<string, string>>
}

/**
 * Returns why a change can lock people out, from the commands of a load before and after it; empty: it cannot. A jail that the
 * change stops bans nobody; one that it starts counts where it watches the way in, or blocks every port.
 */
export function findLockOutRisks(
  before: readonly StreamCommand[],
  after: readonly StreamCommand[],
): LockOutRisk[] {
  const old = jailsOf(before)
  const found = new Map<LockOutCause, string[]>()
  for (const [name, jail] of jailsOf(after))
    for (const cause of causesOf(name, old.get(name), jail))
      found.set(cause, [...(found.get(cause) ?? []), name])
  return LockOutCause.options.flatMap((cause) => {
    const jails = found.get(cause)
    return jails ? [{ cause, jails }] : []
  })
}

/** Returns whether a jail of that name watches SSH or BanGUI. */
export const isWayIn = (name: string): boolean => /ssh|bangui/i.test(name)

function causesOf(name: string, before: JailCommands | undefined, after: JailCommands): LockOutCause[] {
  const watches = isWayIn(name) || watchesWayIn(after)
  if (before === undefined) {
    if (watches) return ['way_in']
    return blocksEverything(after) ? ['all_ports'] : []
  }
  const causes: LockOutCause[] = actionCauses(before, after)
  if (isChanged(before.ignores, after.ignores)) causes.push('ignore_list')
  if (isChanged(before.regexes, after.regexes)) causes.push('regexes')
  return causes.length === 0 && watches && isChanged(before.others, after.others) ? ['way_in'] : causes
}

/** The port of SSH, and the first and the last one that count. */
const SSH = 22
const PORTS = { first: 1, last: 65_535 }

/** Returns the ranges of ports that the actions of a jail block; an action without ports has none. */
function rangesOf({ actions }: JailCommands): { readonly from: number; readonly to: number }[] {
  const ports = [...actions.values()].flatMap((action) => action.get('port')?.split(/[\s,]+/) ?? [])
  return ports.flatMap((text) => {
    if (text === 'ssh') return { from: SSH, to: SSH }
    const [, from, to = from] = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(text) ?? []
    return from === undefined ? [] : { from: Number(from), to: Number(to) }
  })
}

const isEverything = ({ from, to }: ReturnType<typeof rangesOf>[number]) =>
  from <= PORTS.first && to >= PORTS.last

/** Without a `port` of its own, a jail has `0:65535`. */
const blocksEverything = (jail: JailCommands): boolean =>
  [...jail.actions.keys()].some((action) => blocksAllPorts.test(action)) || rangesOf(jail).some(isEverything)

function watchesWayIn(jail: JailCommands): boolean {
  const { regexes, others } = jail
  if (rangesOf(jail).some((range) => !isEverything(range) && range.from <= SSH && range.to >= SSH))
    return true
  return [...regexes, ...others.flatMap(sourceOf)].some((text) => /\bsshd?\b|bangui/i.test(text))
}

/** Returns what names the service in a command about a source of lines: the whole journal match, or a log file with its folder. */
function sourceOf(command: string): string[] {
  const [, , option, value] = JSON.parse(command) as StreamCommand
  if (option === 'addjournalmatch') return [command]
  return option === 'addlogpath' ? [textOf(value).split('/').slice(-2).join('/')] : []
}

function actionCauses(before: JailCommands, after: JailCommands): LockOutCause[] {
  const names = ({ actions }: JailCommands) => [...actions.keys()]
  if (isChanged(names(before), names(after))) return ['actions']
  const causes = new Set<LockOutCause>()
  for (const [name, values] of after.actions) {
    const old = before.actions.get(name)
    if (!old || !isChanged([...old].flat(), [...values].flat())) continue
    const differs = (key: string) => old.get(key) !== values.get(key)
    const known = [
      ...(differs('port') || differs('protocol') ? (['ports'] as const) : []),
      ...(differs('chain') ? (['chain'] as const) : []),
    ]
    // the commands of an action differ with its ports
    for (const cause of known.length > 0 ? known : (['actions'] as const)) causes.add(cause)
  }
  return [...causes]
}

const isChanged = (one: readonly string[], other: readonly string[]) =>
  JSON.stringify(one) !== JSON.stringify(other)

/** Only a jail that the stream starts is there. */
function jailsOf(stream: readonly StreamCommand[]): ReadonlyMap<string, JailCommands> {
  const jails = new Map<string, JailCommands>()
  const started = new Set<string>()
  for (const command of stream) {
    const [verb, target, option] = command
    if (typeof target !== 'string') continue
    if (verb === 'start') started.add(target)
    if (verb === 'add' && !jails.has(target))
      jails.set(target, { ignores: [], regexes: [], others: [], actions: new Map() })
    const jail = jails.get(target)
    if (jail && typeof option === 'string' && (verb === 'set' || verb === 'multi-set'))
      keep(jail, option, command)
  }
  return new Map([...jails].filter(([name]) => started.has(name)))
}

function keep(jail: JailCommands, option: string, command: StreamCommand): void {
  const [verb, , , first, ...rest] = command
  if (option === 'addaction') jail.actions.set(textOf(first), new Map())
  else if (option === 'action') {
    const pairs = verb === 'multi-set' && Array.isArray(rest[0]) ? rest[0] : [rest]
    const values = jail.actions.get(textOf(first)) ?? new Map<string, string>()
    for (const pair of pairs) if (Array.isArray(pair)) values.set(textOf(pair[0]), textOf(pair[1]))
    jail.actions.set(textOf(first), values)
  } else if (ignoreOptions.has(option)) jail.ignores.push(JSON.stringify(command))
  else if (regexOptions.has(option)) jail.regexes.push(JSON.stringify(command))
  else jail.others.push(JSON.stringify(command))
}

const textOf = (value: PythonValue | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null)
