import { parseReference } from '@bangui/shared'
import type { ConfigNotice } from '@bangui/shared'
import { findMeant, findMeantOption } from './catalogue/find-typos.ts'
import type { OptionScope } from './catalogue/catalogue-option.ts'
import type { ConfigOption, ConfigTree, Fail2banConfig } from './config-model.ts'
import type { Definitions } from './definitions.ts'
import { interpolate } from './interpolate.ts'

/** How many hints are given, so that a file of another kind does not become a list without end. */
const MAX_HINTS = 20

/**
 * Returns hints about names in the configuration that fail2ban does not know and that look like a mistake: options and
 * sections that have no effect. A name that a value uses is a variable, and right.
 */
export function findHints(config: Fail2banConfig, definitions: Definitions): ConfigNotice[] {
  const used = usedNames(config.jail)
  const hints = [
    ...optionHints({ tree: config.jail, scope: 'jail', used }),
    ...jailSectionHints(config),
    ...optionHints({ tree: config.fail2ban, scope: 'fail2ban', used: usedNames(config.fail2ban) }),
    ...sectionHints(config.fail2ban, ['Definition', 'Thread']),
  ]
  for (const [path, definition] of definitions) {
    if (definition === undefined) continue
    const scope = path.startsWith('filter.d/') ? 'filter' : 'action'
    const { tree } = definition
    hints.push(
      ...optionHints({ tree, scope, used: new Set([...usedNames(tree), ...used]), only: 'Definition' }),
      ...sectionHints(tree, ['Definition', 'Init']),
    )
  }
  return [...new Map(hints.map((hint) => [`${hint.file}:${hint.line}`, hint])).values()].slice(0, MAX_HINTS)
}

interface LookedThrough {
  readonly tree: ConfigTree
  readonly scope: OptionScope
  /** names that a value uses */
  readonly used: ReadonlySet<string>
  /** the one section whose options fail2ban reads */
  readonly only?: string
}

function optionHints({ tree, scope, used, only }: LookedThrough): ConfigNotice[] {
  const sections = [...tree.sections].filter(
    ([name]) => name !== 'INCLUDES' && (only === undefined || name === only),
  )
  const inSections = sections.flatMap(([name, { options }]) =>
    [...options.values()].map((option) => [name, option] as const),
  )
  const inDefaults = [...tree.defaults.values()].map((option) => [null, option] as const)
  return [...inDefaults, ...inSections].flatMap(([section, option]) => {
    const { key } = option
    if (option.file === null || used.has(key)) return []
    const meant = findMeantOption(scope, key)
    if (meant === undefined) return []
    const message = `“${key}” is unknown to fail2ban and has no effect. Did you mean “${meant}”?`
    return [hintAt(option, message, scope === 'jail' ? section : null)]
  })
}

/** A section with nearly the name of another that has no filter: as a jail it could not run. */
function jailSectionHints({ jail: tree, filters }: Fail2banConfig): ConfigNotice[] {
  if (filters === null) return []
  const names = [...tree.sections.keys()].filter((name) => name !== 'INCLUDES')
  const isMade = (name: string) => {
    const reference = parseReference(interpolate(tree, name, 'filter')?.value ?? '')
    return 'problem' in reference || filters.has(reference.name)
  }
  const jails = names.filter(isMade)
  return names.flatMap((name) => (isMade(name) ? [] : sectionHint(tree, name, ['DEFAULT', ...jails])))
}

/** A section that fail2ban does not read, with nearly the name of one that it reads. */
function sectionHints(tree: ConfigTree, read: readonly string[]): ConfigNotice[] {
  const names = [...read, 'DEFAULT', 'INCLUDES']
  return [...tree.sections.keys()].flatMap((name) =>
    names.includes(name) ? [] : sectionHint(tree, name, names),
  )
}

function sectionHint(tree: ConfigTree, name: string, names: readonly string[]): ConfigNotice[] {
  const meant = findMeant(names, name)
  const [first] = tree.sections.get(name)?.options.values() ?? []
  if (meant === undefined || first === undefined) return []
  return [hintAt(first, `fail2ban does not use the section [${name}]. Did you mean [${meant}]?`)]
}

const hintAt = ({ file, line }: ConfigOption, message: string, jail: string | null = null): ConfigNotice => ({
  kind: 'hint',
  file,
  line,
  jail,
  message,
  output: null,
})

/** Returns the names that the values of a tree use: `%(name)s`, `%(known/name)s`, `<name>`. */
export function usedNames({ sections, defaults }: ConfigTree): Set<string> {
  const names = new Set<string>()
  for (const options of [defaults, ...[...sections.values()].map((section) => section.options)])
    for (const { raw } of options.values())
      for (const [, tag, name = tag ?? ''] of raw.matchAll(/<([^ <>]+)>|%\(([^()%]+)\)s/g))
        names.add(name.slice(name.lastIndexOf('/') + 1).toLowerCase())
  return names
}
