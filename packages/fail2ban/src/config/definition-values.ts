import type { ConfigOption, ConfigTree } from './config-model.ts'
import { interpolate, interpolateOption, interpolateWith } from './interpolate.ts'
import type { ExtraValues, Interpolated } from './interpolate.ts'
import { findSelfReference } from './self-reference.ts'
import type { DefinitionValue } from './self-reference.ts'
import { substituteTags } from './substitute-tags.ts'

/** What fail2ban cannot fill in; `option` is the one that has the mistake. */
export interface DefinitionFault {
  readonly message: string
  readonly option: ConfigOption
}

/** Reads the values of one filter or action for one jail, as `DefinitionInitConfigReader` of `configreader.py` does. */
export interface DefinitionReader {
  /**
   * Reads the options, those that the jail or a parameter sets already left out. A second reading knows what the first found in
   * `[Init]`. `all`: the other options of `[Definition]` as well, without parameters.
   */
  readOptions(given: ExtraValues, all?: boolean): void
  /** The values with all tags replaced but those to `ignore`, in fail2ban's order. */
  combine(ignore?: readonly string[]): ReadonlyMap<string, DefinitionValue>
  /** The parameters and the options of `[Init]`, with their tags. */
  readonly init: ReadonlyMap<string, DefinitionValue>
  /** Returns what could not be filled in until now. */
  listFaults(): DefinitionFault[]
}

export interface DefinitionReaderOptions {
  readonly tree: ConfigTree
  /** the options of `[Definition]` that fail2ban reads */
  readonly keys: Iterable<string>
  /** what the jail gives in brackets, and what fail2ban adds */
  readonly parameters: ReadonlyMap<string, string>
  /** from 1.1.1 on a parameter also replaces the conditional options of its name (`[Init?family=inet6]`) */
  readonly replacesConditional: boolean
}

const conditional = /^(\w+)\?.+$/

/** Creates the reader of one filter or action for one jail. */
export function createDefinitionReader(options: DefinitionReaderOptions): DefinitionReader {
  const { tree, keys, parameters, replacesConditional } = options
  const definition = tree.sections.get('Definition')
  const init = new Map<string, DefinitionValue>()
  for (const [key, text] of parameters) init.set(key, { text, option: null })
  const faults = new Map<string, DefinitionFault>()
  const laterValues = new Map<string, string | undefined>()
  let own = new Map<string, DefinitionValue>()
  let values: ExtraValues = new Map()
  let isCircular = false

  const fail = (message: string, option: ConfigOption) =>
    faults.set(`${message}\0${option.file}\0${option.line}`, { message, option })

  const take = (found: Interpolated | undefined): DefinitionValue | undefined => {
    if (found === undefined) return undefined
    if (found.problem !== null) fail(found.problem, found.culprit ?? found)
    return { text: found.value, option: found }
  }

  const readOptions = (given: ExtraValues, all = false) => {
    const known = new Map(given)
    for (const [key, { text }] of init) known.set(key.toLowerCase(), text)
    values = known
    own = new Map()
    if (definition !== undefined) {
      for (const key of keys) {
        if (known.has(key)) continue
        const value = take(interpolateWith(known, tree, { section: 'Definition', key }))
        if (value !== undefined) own.set(key, value)
      }
    }
    readInit(known)
    if (!all || definition === undefined) return
    for (const key of definition.options.keys()) {
      const value = own.has(key) ? undefined : take(interpolate(tree, 'Definition', key))
      if (value !== undefined) own.set(key, value)
    }
  }

  const readInit = (known: ExtraValues) => {
    for (const key of tree.sections.get('Init')?.options.keys() ?? []) {
      const value = take(interpolate(tree, 'Init', key))
      if (value === undefined) continue
      init.set(`known/${key}`, value)
      if (init.has(key)) continue
      const [, bare] = (replacesConditional && conditional.exec(key)) || []
      const given = bare === undefined ? undefined : known.get(bare)
      init.set(key, given === undefined ? value : { text: given, option: null })
    }
  }

  /** fail2ban keeps what it found for a tag at the first reading. */
  const findMore = (tag: string): string | undefined => {
    if (!laterValues.has(tag)) laterValues.set(tag, take(findTagged(tree, tag, values))?.text)
    return laterValues.get(tag)
  }

  const combine = (ignore: readonly string[] = []) => {
    const all = new Map([...own, ...init])
    const ignored = new Set(ignore)
    for (const key of all.keys()) {
      const [, bare] = conditional.exec(key) ?? []
      if (bare !== undefined) ignored.add(bare)
    }
    const texts = new Map([...all].map(([key, { text }]) => [key, text]))
    const result = substituteTags(texts, { ignore: ignored, findMore })
    if ('values' in result) return withTexts(all, result.values)
    const isTooLong = result.why === 'too_long'
    // fail2ban stops at the first; the second reading may find another way round the same circle
    const option = isCircular
      ? null
      : ((isTooLong ? undefined : findSelfReference(all)) ?? all.get(result.failed)?.option)
    const problem = isTooLong ? 'it becomes too long after substitution.' : 'it refers to itself.'
    if (option) fail(`${option.key}: ${problem}`, option)
    isCircular = true
    return all
  }

  return { readOptions, combine, init, listFaults: () => [...faults.values()] }
}

const withTexts = (all: ReadonlyMap<string, DefinitionValue>, texts: ReadonlyMap<string, string>) =>
  new Map([...all].map(([key, value]) => [key, { ...value, text: texts.get(key) ?? value.text }] as const))

/** Returns the value of a tag that is no option in reach: `<known/x>`, `<Section/x>`, or any option (`get_ex` of `configparserinc.py`). */
function findTagged(tree: ConfigTree, tag: string, values: ExtraValues): Interpolated | undefined {
  const [, place = '', key = ''] = /^([\w-]+)\/([^\s>]+)$/.exec(tag) ?? []
  for (const section of place === '' ? [] : sectionsOf(place)) {
    const found =
      section === 'DEFAULT' || hasSection(tree, section)
        ? interpolate(tree, section, key.toLowerCase())
        : undefined
    if (found !== undefined) return found
  }
  if (!tree.sections.has('Definition')) return undefined
  // a value of the jail comes before that of the file, and is filled in once more
  const name = tag.toLowerCase()
  const given = values.get(name)
  return given === undefined
    ? interpolateWith(values, tree, { section: 'Definition', key: name })
    : interpolateOption(values, tree, {
        section: 'Definition',
        option: { key: name, raw: given, file: null, line: null },
      })
}

function sectionsOf(place: string): string[] {
  const name = place.toLowerCase()
  if (name === 'known') return ['KNOWN/Definition', 'Definition']
  return [name === 'default' ? 'DEFAULT' : place]
}

const hasSection = (tree: ConfigTree, section: string) =>
  tree.sections.has(section) ||
  (section.startsWith('KNOWN/') && (tree.sections.get('Definition')?.known.size ?? 0) > 0)
