import { parseReference } from '@bangui/shared'
import type { Refusal } from './client-messages.ts'
import { placeIn } from './client-messages.ts'
import type { ConfigOption, ConfigTree, Fail2banConfig } from './config-model.ts'
import type { Definitions } from './definitions.ts'
import { findFolderFaults } from './folder-faults.ts'
import { findOrigin, interpolate, interpolateOption } from './interpolate.ts'
import type { Fault } from './jail-faults.ts'
import { resolveJail } from './resolve-jail.ts'

/** A configuration that was read, to look for the cause of a refusal in it. */
export interface ReadConfig {
  readonly config: Fail2banConfig
  /** of the enabled jails, and of those that are refused */
  readonly definitions: Definitions
  /** of the same jails, by name */
  readonly faults: ReadonlyMap<string, readonly Fault[]>
}

/** Where the cause of a refusal is; `jail` null: not about one jail. */
export interface Cause {
  readonly file: string
  readonly line: number | null
  readonly jail: string | null
  /** the part of the option that is refused */
  readonly part?: string
  /** Returns a line of the option as fail2ban reads it. */
  readonly fill?: (raw: string) => string
}

/** What fail2ban says about an option of a jail without its name, with the part of the value where it names one. */
const optionsInWords = [
  ['filter', /^(?:Unable to read the filter|Invalid filter definition) /],
  ['action', /^(?:Unable to read action|Invalid action definition) '(.+)'(?:: unexpected option syntax)?$/m],
  ['logpath', /^Have not found any log file for /],
  ['backend', /^(?:Unknown backend |Failed to initialize any backend for )/],
] as const

/** Returns where in the files the cause of a refusal is; undefined: neither fail2ban's words nor the configuration show it. */
export function findCause(refusal: Refusal, read: ReadConfig): Cause | undefined {
  const { jail, reason, value } = refusal
  const named = placeIn(reason)
  if (named !== undefined) return { ...named, jail }
  const [key, part] = keyOf(refusal)
  const found = key === undefined ? undefined : optionOf(key, { jail, part: part ?? value, read })
  return found ?? ofFault(refusal, read)
}

function keyOf({ jail, reason, option }: Refusal): readonly [key?: string, part?: string] {
  if (option !== undefined) return [option]
  if (jail === null) return reason.startsWith('Invalid log level') ? ['loglevel'] : []
  for (const [key, pattern] of optionsInWords) {
    const match = pattern.exec(reason)
    if (match) return [key, match[1]]
  }
  return []
}

interface WantedOption {
  readonly jail: string | null
  readonly part: string | undefined
  readonly read: ReadConfig
}

function optionOf(key: string, { jail, part, read }: WantedOption): Cause | undefined {
  const { config } = read
  if (jail === null) {
    const section = key === 'stacksize' ? 'Thread' : 'Definition'
    const option = interpolate(config.fail2ban, section, key)
    return option === undefined
      ? inDefinitions(key, read)
      : causeIn(config.fail2ban, { section, option, jail })
  }
  const own = interpolate(config.jail, jail, key)
  const ofFilter = optionOfFilter(key, jail, read)
  if (ofFilter !== undefined && (own === undefined || !linesOf(config.jail, jail, own).includes(part ?? '')))
    return causeIn(ofFilter.tree, { section: 'Definition', option: ofFilter.option, jail, part })
  const option = own && findOrigin(config.jail, jail, { option: own, part: part ?? own.value })
  return causeIn(config.jail, { section: jail, option, jail, part })
}

/** Returns the option of a filter or an action that has it, where only one does. */
function inDefinitions(key: string, { definitions }: ReadConfig): Cause | undefined {
  const trees = [...definitions.values()].flatMap((each) => each?.tree ?? [])
  const found = trees.flatMap((tree) =>
    ['Definition', 'Init'].flatMap((section) => tree.sections.get(section)?.options.get(key) ?? []),
  )
  const [first] = found
  const isOnly = found.every(({ file, line }) => file === first?.file && line === first?.line)
  return first === undefined || first.file === null || !isOnly
    ? undefined
    : { file: first.file, line: first.line, jail: null }
}

const linesOf = (tree: ConfigTree, section: string, option: ConfigOption): string[] =>
  option.raw.split('\n').map((raw) => fillIn(tree, section, { ...option, raw }))

const fillIn = (tree: ConfigTree, section: string, option: ConfigOption): string =>
  interpolateOption(new Map(), tree, { section, option }).value

/** Returns the option of a jail's filter that the jail gets its value from. */
function optionOfFilter(key: string, jail: string, { config, definitions }: ReadConfig) {
  const reference = parseReference(interpolate(config.jail, jail, 'filter')?.value ?? '')
  if ('problem' in reference) return undefined
  const tree = definitions.get(`filter.d/${reference.name}`)?.tree
  const option = resolveJail(config, jail, { definitions }).filter?.values.get(key)?.option
  return tree === undefined || !option ? undefined : { tree, option }
}

interface FoundOption {
  readonly section: string
  readonly option: ConfigOption | undefined
  readonly jail: string | null
  readonly part?: string | undefined
}

function causeIn(tree: ConfigTree, { section, option, jail, part }: FoundOption): Cause | undefined {
  if (option === undefined || option.file === null) return undefined
  const { file, line } = option
  const fill = (raw: string) => fillIn(tree, section, { ...option, raw })
  return { file, line, jail, ...(part !== undefined && { part, fill }) }
}

/** Returns the place of the mistake that BanGUI finds where fail2ban does not name one. */
function ofFault({ jail, reason }: Refusal, { config, definitions, faults }: ReadConfig): Cause | undefined {
  if (jail !== null && !reason.startsWith('Failed during configuration: ')) {
    const own = faults.get(jail)?.find(({ effect }) => effect === 'jail')
    return own && placed(own, jail)
  }
  const problems = [config.problems, ...[...definitions.values()].map((each) => each?.problems ?? [])].flat()
  const include = problems.find(({ kind }) => kind === 'syntax')
  if (include !== undefined) return { ...include, jail }
  const ofFolder = findFolderFaults(config, faults)
  const found = ofFolder.find((each) => each.jail === jail) ?? ofFolder[0]
  return found && placed(found, found.jail)
}

const placed = ({ file, line }: Fault, jail: string | null): Cause | undefined =>
  file === null ? undefined : { file, line, jail }
