import { parseReference, splitReferences } from '@bangui/shared'
import type { ConfigOption, Fail2banConfig } from './config-model.ts'
import type { Definition, Definitions } from './definitions.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import { findOrigin, interpolate } from './interpolate.ts'
import type { Interpolated } from './interpolate.ts'
import { backends, parseWhole } from './list-jails.ts'
import { isDurationOption } from './options.ts'
import { resolveJail } from './resolve-jail.ts'
import type { ResolvedDefinition, ResolvedJail } from './resolve-jail.ts'

/**
 * A mistake in the configuration, a sentence about it, and its place. `effect` is what fail2ban does about it when the jail is switched on:
 * fail2ban-client refuses the configuration as a whole (`folder`), or leaves the jail out (`jail`); or the daemon refuses the value
 * when the jail is loaded (`load`).
 */
export interface Fault {
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly effect: 'folder' | 'jail' | 'load'
}

/** The sentence of a fault with its place. */
export const describeFault = ({ message, file, line }: Fault): string =>
  file === null ? message : `${message} (${file}${line === null ? '' : `, line ${line}`})`

/**
 * Returns the faults of a jail, in the order in which fail2ban finds them: of every option that it reads, and of the filter
 * and the actions as far as they are among the `definitions`.
 */
export function findJailFaults(config: Fail2banConfig, name: string, definitions: Definitions): Fault[] {
  const resolved = resolveJail(config, name, { definitions })
  const faults: Fault[] = []
  for (const found of resolved.options.values()) {
    const isUnknown = resolved.filter === null && found.culprit?.raw.includes('%(known/') === true
    if (found.problem !== null && !isUnknown) faults.push(faultOf(found))
  }
  const jail = { config, name, definitions, resolved }
  faults.push(...findFilterFaults(jail))
  for (const found of resolved.options.values()) faults.push(...valueFaults(jail, found))
  faults.push(...findActionFaults(jail))
  return faults
}

const faultOf = (found: Interpolated): Fault => ({
  message: found.problem ?? '',
  file: found.culprit?.file ?? null,
  line: found.culprit?.line ?? null,
  effect: 'folder',
})

/** Returns whether a text looks like the name of a filter or an action, and is shown: others may hold a secret. */
const isName = (text: string): boolean => /^[\w.,+ -]{1,64}$/.test(text)

const at = (option: ConfigOption) => ({ file: option.file, line: option.line })

function findFilterFaults(jail: LookedAt): Fault[] {
  const option = interpolate(jail.config.jail, jail.name, 'filter')
  if (option === undefined || option.problem !== null || option.value === '') return []
  const reference = parseReference(option.value)
  if ('problem' in reference)
    return [{ message: `The filter ${reference.problem}.`, ...at(option), effect: 'jail' }]
  const { name } = reference
  const named = isName(name) ? `The filter ${name}` : 'The filter'
  const message = `${named} has no file in ${jail.config.configDir}/filter.d.`
  if (hasNoFile(`filter.d/${name}`, jail))
    return [{ message, ...placeOf(jail, option, name), effect: 'jail' }]
  return definitionFaults(jail.definitions.get(`filter.d/${name}`), jail.resolved.filter)
}

/** A jail, and the filters and actions that are looked into. */
interface LookedAt {
  readonly config: Fail2banConfig
  readonly name: string
  readonly definitions: Definitions
  readonly resolved: ResolvedJail
}

/** Returns the place of an option's value, or of the option that it refers to. */
const placeOf = ({ config, name }: LookedAt, option: ConfigOption, part: string) =>
  at(findOrigin(config.jail, name, { option, part }))

function findActionFaults(jail: LookedAt): Fault[] {
  const { config, definitions, resolved } = jail
  const option = resolved.options.get('action')
  if (option === undefined || option.problem !== null) return []
  const references = splitReferences(option.value).map((text) => [text, parseReference(text.trim())] as const)
  // a bracket in the wrong place makes a part of a parameter look like a name, and parameters hold secrets
  const isSplitWrong = references.some(([, reference]) => 'problem' in reference)
  return references.flatMap(([text, reference], index): Fault[] => {
    if ('problem' in reference)
      return [
        { message: `An action ${reference.problem}.`, ...placeOf(jail, option, text.trim()), effect: 'jail' },
      ]
    const { name } = reference
    if (hasNoFile(`action.d/${name}`, jail)) {
      const named = isSplitWrong || !isName(name) ? 'An action' : `The action ${name}`
      const message = `${named} has no file in ${config.configDir}/action.d.`
      return [{ message, ...placeOf(jail, option, name), effect: name.endsWith('.py') ? 'load' : 'jail' }]
    }
    return definitionFaults(definitions.get(`action.d/${name}`), resolved.actions[index] ?? null)
  })
}

/** Returns whether a filter or an action has no file; those of jails that are off are only looked for in their folder. */
function hasNoFile(path: string, { config, definitions }: LookedAt): boolean {
  if (definitions.has(path)) return definitions.get(path) === undefined
  const [folder, ...rest] = path.split('/')
  const names = folder === 'filter.d' ? config.filters : config.actions
  return rest.length === 1 && names?.has(rest.join('/')) === false
}

/** Returns the faults in the files of a filter or an action, which keep fail2ban from starting. */
function definitionFaults(definition: Definition | undefined, resolved: ResolvedDefinition | null): Fault[] {
  const inFiles = (definition?.problems ?? []).flatMap(({ message, file, line, kind }): Fault[] =>
    kind === 'syntax' || kind === 'encoding'
      ? [{ message, file, line, effect: kind === 'syntax' ? 'folder' : 'jail' }]
      : [],
  )
  const values = (resolved?.faults ?? []).map(
    ({ message, option }) => ({ message, ...at(option), effect: 'folder' }) as const,
  )
  return [...inFiles, ...values]
}

/** Returns why the daemon would refuse a value, as far as the text shows. */
function valueFaults(jail: LookedAt, option: Interpolated): Fault[] {
  const { key } = option
  const what = option.problem === null ? whatIsWrong(key, option.value) : undefined
  if (what === undefined) return []
  // a value from another option may be a secret: the sentence names that option
  const message = `${key} is “${short(option.raw)}”, which ${what}.`
  return [{ message, ...placeOf(jail, option, option.value), effect: 'load' }]
}

function whatIsWrong(key: string, value: string): string | undefined {
  if (isDurationOption(key))
    return evaluatedSeconds(value).kind === 'error' ? 'is not a duration that fail2ban can read' : undefined
  if (key === 'maxretry' || key === 'maxmatches')
    return parseWhole(value) === undefined ? 'is not a whole number' : undefined
  if (key !== 'backend') return undefined
  const [bare = ''] = value.split('[', 1)
  return backends.has(bare.trim().toLowerCase()) ? undefined : 'fail2ban does not know'
}

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
