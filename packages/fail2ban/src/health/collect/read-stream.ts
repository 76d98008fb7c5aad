import type { StreamCommand } from '../../config/dump-config.ts'
import type { PythonValue } from '../../config/python-literal.ts'
import type { StreamJail, StreamSeen } from '../seen/config-seen.ts'

interface OpenJail {
  readonly name: string
  starts: boolean
  readonly values: Map<string, string>
  readonly ignoreIp: string[]
  readonly logPaths: string[]
  readonly failRegex: string[]
  readonly ignoreRegex: string[]
  readonly actions: { readonly name: string; readonly properties: Map<string, string> }[]
}

/** Returns what the commands of a configuration make of each jail. */
export function readStream(stream: readonly StreamCommand[]): StreamSeen {
  const jails = new Map<string, OpenJail>()
  let allowIpv6: string | null = null
  for (const [verb, target, option, ...values] of stream) {
    if (typeof target !== 'string') continue
    if (verb === 'add') jails.set(target, emptyJail(target))
    const jail = jails.get(target)
    if (verb === 'start' && jail) jail.starts = true
    if (target === 'allowipv6') allowIpv6 = textOf(option)
    if (!jail || typeof option !== 'string') continue
    if (verb === 'set') readSet(jail, option, values)
    if (verb === 'multi-set') readMany(jail, option, values)
  }
  return { allowIpv6, jails: [...jails.values()] satisfies StreamJail[] }
}

const emptyJail = (name: string): OpenJail => ({
  name,
  starts: false,
  values: new Map(),
  ignoreIp: [],
  logPaths: [],
  failRegex: [],
  ignoreRegex: [],
  actions: [],
})

function readSet(jail: OpenJail, option: string, values: readonly PythonValue[]): void {
  const [first] = values
  if (option === 'addignoreip') jail.ignoreIp.push(...values.map(textOf))
  else if (option === 'addlogpath') jail.logPaths.push(textOf(first))
  else if (option === 'addfailregex') jail.failRegex.push(textOf(first))
  else if (option === 'addignoreregex') jail.ignoreRegex.push(textOf(first))
  else if (option === 'addaction') jail.actions.push({ name: textOf(first), properties: new Map() })
  else if (option === 'action') setProperty(jail, values)
  else jail.values.set(option, values.map(textOf).join(' '))
}

function readMany(jail: OpenJail, option: string, values: readonly PythonValue[]): void {
  if (option === 'action') {
    const [name, pairs] = values
    for (const pair of Array.isArray(pairs) ? pairs : [])
      if (Array.isArray(pair)) setProperty(jail, [name ?? '', ...pair])
    return
  }
  const [list] = values
  const texts = Array.isArray(list) ? list : []
  if (option === 'addfailregex') jail.failRegex.push(...texts.map(textOf))
  else if (option === 'addignoreregex') jail.ignoreRegex.push(...texts.map(textOf))
  else if (option === 'addignoreip') jail.ignoreIp.push(...texts.map(textOf))
  else if (option === 'addlogpath') jail.logPaths.push(...texts.map(textOf))
}

function setProperty(jail: OpenJail, [name, key, value]: readonly PythonValue[]): void {
  jail.actions.find((action) => action.name === name)?.properties.set(textOf(key), textOf(value))
}

function textOf(value: PythonValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
