import { isAbsolute, join, normalize, relative } from 'node:path'
import type { SetEdit } from '@bangui/shared'
import { ConfigRefusedError, JailUnknownError } from '../../errors.ts'
import type { ConfigOption, ConfigTree, Fail2banConfig } from '../config-model.ts'
import { readNamed } from '../definitions.ts'
import type { Draft } from '../draft.ts'
import { parseIni } from '../ini-file.ts'
import { hasJail } from '../list-jails.ts'
import { overlayOf, textOf } from './draft-files.ts'

/** The file that BanGUI makes where no `.local` file sets an option of a jail yet, relative to the folder. */
export const OWN_JAIL_FILE = 'jail.d/zz-bangui.local'

/** Where an option stands, and where an override of it goes. */
export interface OptionPlace {
  readonly tree: ConfigTree
  readonly section: string
  readonly key: string
  /** the `.local` file for an override where no other sets the option yet, relative to the folder */
  readonly ownFile: string
  /** Returns whether a file of the tree belongs to this part of the configuration alone. */
  readonly holds: (inside: string) => boolean
}

/** Returns the place of an option of a jail, or of `[DEFAULT]`. */
export const jailPlace = (tree: ConfigTree, section: string, key: string): OptionPlace => ({
  tree,
  section,
  key,
  ownFile: OWN_JAIL_FILE,
  holds: () => true,
})

/**
 * Returns the place of the option that an edit sets, in the configuration as the draft leaves it.
 * @throws JailUnknownError, ConfigRefusedError where there is no such filter, action or section
 */
export async function placeOf(draft: Draft, edit: Omit<SetEdit, 'kind'>): Promise<OptionPlace> {
  const { config } = draft
  const { scope, name = '', key } = edit
  if (scope === 'jail') {
    if (!hasJail(config, name)) throw new JailUnknownError(name)
    if (edit.section !== undefined && edit.section !== name)
      throw new ConfigRefusedError(`The jail ${name} has only the section [${name}].`)
    return jailPlace(config.jail, name, key)
  }
  if (scope === 'default') return jailPlace(config.jail, 'DEFAULT', key)
  if (scope === 'fail2ban') {
    const section = edit.section ?? (key === 'stacksize' ? 'Thread' : 'Definition')
    const isRead = (inside: string) => /^fail2ban\.(?:d\/|local$)/.test(inside)
    return { tree: config.fail2ban, section, key, ownFile: 'fail2ban.local', holds: isRead }
  }
  const tree = await readDefinition(draft, `${scope}.d/${name}`)
  if (tree === undefined) throw new ConfigRefusedError(`There is no ${scope} named ${name}.`)
  const ownFile = `${scope}.d/${name}.local`
  const isOwn = (inside: string) => inside === ownFile || inside.startsWith(`${scope}.d/${name}.d/`)
  return { tree, section: edit.section ?? sectionThatSets(tree, key), key, ownFile, holds: isOwn }
}

/** Reads a filter or an action (`filter.d/sshd`) as the draft leaves it; undefined: it has no file. */
export async function readDefinition(draft: Draft, path: string): Promise<ConfigTree | undefined> {
  return (await readNamed(draft.config, [path], overlayOf(draft))).get(path)?.tree
}

const sectionThatSets = (tree: ConfigTree, key: string) =>
  tree.sections.get('Definition')?.options.has(key) !== true &&
  tree.sections.get('Init')?.options.has(key) === true
    ? 'Init'
    : 'Definition'

/** Returns the option that decides at a place; undefined: no file sets it there. */
export function optionAt({
  tree,
  section,
  key,
}: Omit<OptionPlace, 'ownFile' | 'holds'>): ConfigOption | undefined {
  if (section === 'DEFAULT') return tree.defaults.get(key)
  const [, name = section, condition = ''] = /^(\w+)(\?.+)$/.exec(section) ?? []
  return tree.sections.get(name)?.options.get(key + condition)
}

/** Returns the last `.local` file that sets an option, relative to the folder, as the draft leaves it; undefined: none does. */
export async function lastLocalThatSets(
  draft: Draft,
  { tree, section, key, ownFile, holds }: OptionPlace,
): Promise<string | undefined> {
  const read = tree.files.map((file) => insideOf(draft.config, file))
  const planned = draft.files.has(join(draft.live, ownFile)) ? [ownFile] : []
  for (const inside of new Set([...planned, ...read.toReversed()])) {
    if (!inside.endsWith('.local') || isAbsolute(inside) || inside.startsWith('..') || !holds(inside))
      continue
    const text = await textOf(draft, inside)
    if (text !== null && setsOption(text, section, key)) return inside
  }
  return undefined
}

/** Returns the path of a file relative to the folder of a configuration. */
export const insideOf = ({ configDir }: Fail2banConfig, file: string): string =>
  relative(configDir, normalize(file))

const setsOption = (text: string, name: string, key: string): boolean =>
  parseIni(text).sections.some(
    (section) => section.name === name && section.options.some((option) => option.key === key),
  )
