import type { ConfigOption, Fail2banConfig } from './config-model.ts'
import { knownValues } from './definitions.ts'
import type { Definition, Definitions } from './definitions.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import { findOrigin, interpolate, interpolateWith } from './interpolate.ts'
import type { ExtraValues, Interpolated } from './interpolate.ts'
import { backends, parseWhole } from './list-jails.ts'
import { actionOptions, isDurationOption, jailOptions } from './options.ts'
import { parseReference, splitReferences } from './references.ts'
import type { Reference } from './references.ts'
import { findSelfReference } from './self-reference.ts'
import type { TaggedValue } from './self-reference.ts'

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
  const faults: Fault[] = []
  const filter = findFilter(config, name, definitions)
  const known = knownValues(filter.definition, filter.reference?.parameters ?? new Map())
  const options = new Map<string, Interpolated>()
  for (const key of jailOptions) {
    const found = interpolateWith(known, config.jail, { section: name, key })
    if (found === undefined) continue
    options.set(key, found)
    const isUnknown = filter.definition === undefined && found.culprit?.raw.includes('%(known/') === true
    if (found.problem !== null && !isUnknown) faults.push(faultOf(found))
  }
  const good = (key: string) => {
    const found = options.get(key)
    return found?.problem === null ? found : undefined
  }
  faults.push(...filter.faults)
  const jail = { config, name, definitions }
  for (const key of options.keys()) faults.push(...valueFaults(jail, key, good(key)))
  faults.push(...findActionFaults(jail, good('action')))
  return faults
}

const faultOf = (found: Interpolated): Fault => ({
  message: found.problem ?? '',
  file: found.culprit?.file ?? null,
  line: found.culprit?.line ?? null,
  effect: 'folder',
})

const at = (option: ConfigOption) => ({ file: option.file, line: option.line })

interface FoundFilter {
  readonly reference?: Reference
  readonly definition?: Definition | undefined
  readonly faults: readonly Fault[]
}

function findFilter(config: Fail2banConfig, jail: string, definitions: Definitions): FoundFilter {
  const option = interpolate(config.jail, jail, 'filter')
  if (option === undefined || option.problem !== null || option.value === '') return { faults: [] }
  const reference = parseReference(option.value)
  if ('problem' in reference)
    return { faults: [{ message: `The filter ${reference.problem}.`, ...at(option), effect: 'jail' }] }
  const { name, parameters } = reference
  const message = `The filter ${short(name)} has no file in ${config.configDir}/filter.d.`
  if (hasNoFile(`filter.d/${name}`, config, definitions))
    return {
      reference,
      faults: [{ message, ...placeOf({ config, name: jail, definitions }, option, name), effect: 'jail' }],
    }
  const definition = definitions.get(`filter.d/${name}`)
  return { reference, definition, faults: definitionFaults(definition, parameters, () => true) }
}

/** A jail, and the filters and actions that are looked into. */
interface LookedAt {
  readonly config: Fail2banConfig
  readonly name: string
  readonly definitions: Definitions
}

/** Returns the place of an option's value, or of the option that it refers to. */
const placeOf = ({ config, name }: LookedAt, option: ConfigOption, part: string) =>
  at(findOrigin(config.jail, name, { option, part }))

function findActionFaults(jail: LookedAt, option: Interpolated | undefined): Fault[] {
  const { config, definitions } = jail
  if (option === undefined) return []
  return splitReferences(option.value).flatMap((text): Fault[] => {
    const reference = parseReference(text.trim())
    if ('problem' in reference)
      return [
        { message: `An action ${reference.problem}.`, ...placeOf(jail, option, text.trim()), effect: 'jail' },
      ]
    const { name, parameters } = reference
    if (hasNoFile(`action.d/${name}`, config, definitions)) {
      const message = `The action ${short(name)} has no file in ${config.configDir}/action.d.`
      return [{ message, ...placeOf(jail, option, name), effect: name.endsWith('.py') ? 'load' : 'jail' }]
    }
    const isRead = (section: string, key: string) =>
      section === 'Init' || (actionOptions.has(key) && !parameters.has(key))
    return definitionFaults(definitions.get(`action.d/${name}`), parameters, isRead)
  })
}

/** Returns whether a filter or an action has no file; those of jails that are off are only looked for in their folder. */
function hasNoFile(path: string, config: Fail2banConfig, definitions: Definitions): boolean {
  if (definitions.has(path)) return definitions.get(path) === undefined
  const [folder, ...rest] = path.split('/')
  const names = folder === 'filter.d' ? config.filters : config.actions
  return rest.length === 1 && names?.has(rest.join('/')) === false
}

/** Returns the faults in the files of a filter or an action, which keep fail2ban from starting. */
function definitionFaults(
  definition: Definition | undefined,
  parameters: ExtraValues,
  isRead: (section: string, key: string) => boolean,
): Fault[] {
  if (definition === undefined) return []
  const { tree, problems } = definition
  const faults: Fault[] = problems
    .filter(({ kind }) => kind === 'syntax' || kind === 'encoding')
    .map(({ message, file, line, kind }) => ({
      message,
      file,
      line,
      effect: kind === 'syntax' ? 'folder' : 'jail',
    }))
  const values = new Map<string, TaggedValue>()
  for (const section of ['Definition', 'Init']) {
    for (const key of tree.sections.get(section)?.options.keys() ?? []) {
      const found = interpolateWith(parameters, tree, { section, key })
      if (found === undefined) continue
      if (found.problem === null) values.set(key, { text: found.value, option: found })
      else if (isRead(section, key)) faults.push(faultOf(found))
    }
  }
  // a parameter replaces the option of the same name
  for (const [key, text] of parameters) values.set(key, { text, option: null })
  const circular = findSelfReference(values)
  if (circular !== undefined)
    faults.push({ message: `${circular.key}: it refers to itself.`, ...at(circular), effect: 'folder' })
  return faults
}

/** Returns why the daemon would refuse a value, as far as the text shows. */
function valueFaults(jail: LookedAt, key: string, option: Interpolated | undefined): Fault[] {
  if (option === undefined) return []
  const what = whatIsWrong(key, option.value)
  if (what === undefined) return []
  const message = `${key} is “${short(option.value)}”, which ${what}.`
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
