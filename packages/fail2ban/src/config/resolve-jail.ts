import { parseReference, splitReferences } from '@bangui/shared'
import type { Reference } from '@bangui/shared'
import type { ConfigOption, ConfigTree, Fail2banConfig } from './config-model.ts'
import { createDefinitionReader } from './definition-values.ts'
import type { DefinitionFault, DefinitionReader } from './definition-values.ts'
import type { Definitions } from './definitions.ts'
import { interpolateWith } from './interpolate.ts'
import type { ExtraValues, Interpolated } from './interpolate.ts'
import { parseWhole } from './list-jails.ts'
import { actionOptions, filterOptions, isYes, jailOptions, switchOptions, wholeOptions } from './options.ts'
import type { DefinitionValue } from './self-reference.ts'

/** A filter or an action in a jail, with everything filled in as fail2ban hands it to the daemon. */
export interface ResolvedDefinition {
  readonly name: string
  /** what the jail gives in brackets */
  readonly parameters: ReadonlyMap<string, string>
  readonly values: ReadonlyMap<string, DefinitionValue>
  readonly faults: readonly DefinitionFault[]
}

export interface ResolvedAction extends ResolvedDefinition {
  /** the name that the daemon has for it */
  readonly actionName: string
  /** the parameters and the options of `[Init]` as the daemon gets them: tags are replaced at each ban; empty for a program */
  readonly init: ReadonlyMap<string, DefinitionValue>
}

/** A jail with everything that it uses filled in. */
export interface ResolvedJail {
  readonly name: string
  /** what the filter gives to the jail, by name: `known/failregex` */
  readonly known: ExtraValues
  /** the options of the jail that are set, by key, in fail2ban's order */
  readonly options: ReadonlyMap<string, Interpolated>
  /** null: the jail has none, or none that can be read */
  readonly filter: ResolvedDefinition | null
  /** those that can be read, by their place among the words of `action` */
  readonly actions: readonly (ResolvedAction | null)[]
}

/** What differs between versions of fail2ban. */
export interface ResolveOptions {
  /** a parameter also replaces the conditional options of its name (1.1.1) */
  readonly replacesConditional?: boolean
}

/** Tags that an action has at the time of a ban only. */
const filledInLater = ['matches', 'ipmatches', 'ipjailmatches', 'timeout', 'bantime'] as const

const noValues: ExtraValues = new Map()

/** Returns a jail as fail2ban reads it (`jailreader.py`), enabled or not, with those of its filters and actions that were read. */
export function resolveJail(
  config: Fail2banConfig,
  name: string,
  { definitions, replacesConditional = true }: ResolveOptions & { readonly definitions: Definitions },
): ResolvedJail {
  const read = { config, name, definitions, replacesConditional }
  const first = readOptions(read, noValues, ['enabled', 'backend', 'filter'])
  const filter = openFilter(read, first)
  const known = filter === undefined ? noValues : knownValues(filter.reader.combine())
  const options = readOptions(read, known, jailOptions)
  filter?.reader.readOptions(givenBy(options))
  const actions = splitReferences(options.get('action')?.value ?? '')
  return {
    name,
    known,
    options,
    filter: filter === undefined ? null : closeFilter(filter),
    actions: actions.map((text) => resolveAction(read, text.trim(), options)),
  }
}

interface Reading {
  readonly config: Fail2banConfig
  readonly name: string
  readonly definitions: Definitions
  readonly replacesConditional: boolean
}

type JailOptions = ReadonlyMap<string, Interpolated>

function readOptions({ config, name }: Reading, known: ExtraValues, keys: readonly string[]): JailOptions {
  const options = new Map<string, Interpolated>()
  for (const key of keys) {
    const found = interpolateWith(known, config.jail, { section: name, key })
    if (found !== undefined) options.set(key, found)
  }
  return options
}

/** The options of a jail as its filter and its actions see them: as Python writes them. */
function givenBy(options: JailOptions): ExtraValues {
  const defaults = [
    ['enabled', 'False'],
    ['backend', 'auto'],
    ['filter', ''],
  ] as const
  const given = new Map<string, string>(defaults)
  for (const [key, { value }] of options) {
    const text = asPython(key, value)
    if (text !== undefined) given.set(key, text)
  }
  return given
}

function asPython(key: string, value: string): string | undefined {
  if (switchOptions.has(key)) return isYes(value) ? 'True' : 'False'
  return wholeOptions.has(key) ? parseWhole(value)?.toString() : value
}

interface OpenFilter extends Reference {
  readonly reader: DefinitionReader
}

function openFilter(read: Reading, first: JailOptions): OpenFilter | undefined {
  const reference = parseReference(first.get('filter')?.value ?? '')
  if ('problem' in reference) return undefined
  const tree = read.definitions.get(`filter.d/${reference.name}`)?.tree
  if (tree === undefined) return undefined
  const parameters = new Map(reference.parameters)
  if (!parameters.get('logtype') && tree.sections.get('Definition')?.options.has('logtype') !== true) {
    const isJournal = first.get('backend')?.value.startsWith('systemd') === true
    parameters.set('logtype', isJournal ? 'journal' : 'file')
  }
  const { replacesConditional } = read
  const reader = createDefinitionReader({ tree, keys: filterOptions, parameters, replacesConditional })
  reader.readOptions(givenBy(first), true)
  return { ...reference, reader }
}

function closeFilter({ name, parameters, reader }: OpenFilter): ResolvedDefinition {
  const values = reader.combine()
  return { name, parameters, values, faults: reader.listFaults() }
}

/** What a filter gives to its jail: `%(known/x)s` there. */
const knownValues = (values: ReturnType<DefinitionReader['combine']>): ExtraValues =>
  new Map(
    [...values].flatMap(([key, { text }]) =>
      key.startsWith('known/') ? [] : [[`known/${key}`, text] as const],
    ),
  )

function resolveAction(
  { name: jail, definitions, replacesConditional }: Reading,
  text: string,
  options: JailOptions,
): ResolvedAction | null {
  const reference = parseReference(text)
  if ('problem' in reference) return null
  const { name, parameters } = reference
  if (name.endsWith('.py')) {
    const actionName = parameters.get('actname') ?? name.slice(0, -'.py'.length)
    return { name, actionName, parameters, values: asValues(parameters), init: new Map(), faults: [] }
  }
  const tree = definitions.get(`action.d/${name}`)?.tree
  if (tree === undefined) return null
  const own = parameters.get('name') ?? jail
  const actionName = parameters.get('actname') ?? name + suffixOf(jail, own)
  const reader = createDefinitionReader({
    tree,
    keys: actionOptions,
    parameters: new Map([...parameters, ['name', own], ['actname', actionName]]),
    replacesConditional,
  })
  reader.readOptions(givenBy(options))
  const values = reader.combine(filledInLater)
  return { name, actionName, parameters, values, init: reader.init, faults: reader.listFaults() }
}

/** Returns every value of a filter or an action as its files have it, without a jail; `given` are parameters in brackets. */
export function resolveDefinition(
  tree: ConfigTree,
  {
    name,
    kind,
    given = [],
    replacesConditional = true,
  }: ResolveOptions & {
    readonly name: string
    readonly kind: 'filter' | 'action'
    readonly given?: readonly (readonly [key: string, value: string])[]
  },
): ResolvedDefinition {
  const definition = tree.sections.get('Definition')
  const parameters = new Map(given)
  if (kind === 'filter' && definition?.options.has('logtype') !== true) parameters.set('logtype', 'file')
  const keys = definition?.options.keys() ?? []
  const reader = createDefinitionReader({ tree, keys: [...keys], parameters, replacesConditional })
  reader.readOptions(noValues)
  const values = reader.combine(kind === 'action' ? filledInLater : [])
  return { name, parameters, values, faults: reader.listFaults() }
}

/** Makes the name of an action different from that of the same action elsewhere in the jail. */
function suffixOf(jail: string, own: string): string {
  if (own === jail) return ''
  return own.startsWith(jail) ? own.slice(jail.length) : `-${own}`
}

const asValues = (parameters: ReadonlyMap<string, string>): ReadonlyMap<string, DefinitionValue> =>
  new Map([...parameters].map(([key, text]) => [key, { text, option: null satisfies ConfigOption | null }]))
