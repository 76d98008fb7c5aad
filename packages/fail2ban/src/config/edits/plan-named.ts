import { isJailName, type CreateEdit, type DeleteEdit } from '@bangui/shared'
import { ConfigRefusedError, ConfigUnwritableError, JailUnknownError } from '../../errors.ts'
import type { Draft } from '../draft.ts'
import { setOption } from '../edit-ini.ts'
import { parseIni } from '../ini-file.ts'
import { hasJail } from '../list-jails.ts'
import { isPackaged } from '../packaged-files.ts'
import { openFile, OVERRIDES_HEADER, textOf, withFile } from './draft-files.ts'
import { appendSection, removeSections } from './edit-sections.ts'
import type { SectionOption } from './edit-sections.ts'
import { insideOf, OWN_JAIL_FILE } from './option-place.ts'

/** A new jail's name becomes a part of the command of every action, and of names of chains and sets. */
const newJailName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/

/** Returns whether a name is one that BanGUI gives to a new jail. */
export const isNewJailName = (name: string): boolean =>
  newJailName.test(name) && isJailName(name) && !['DEFAULT', 'INCLUDES'].includes(name.toUpperCase())

/** For people: what {@link isNewJailName} accepts. */
export const NEW_JAIL_NAME_RULE =
  'The name of a new jail must have 1 to 64 letters, digits, "_", "." and "-". It must not begin with "." or "-", and must not be the name of a fail2ban setting.'

/**
 * Returns the draft with a new jail, which is switched off, a new filter or a new action; as a copy of another one if it says so.
 * @throws ConfigRefusedError, ConfigUnwritableError, JailUnknownError
 */
export async function planCreate(draft: Draft, { scope, name, from }: CreateEdit): Promise<Draft> {
  if (scope === 'jail') return createJail(draft, name, from)
  const { filters, actions } = draft.config
  // a file that cannot be read has the name as well
  const isTaken = (scope === 'filter' ? filters : actions)?.has(name) === true
  if (isTaken || (await definitionFile(draft, scope, name)))
    throw new ConfigRefusedError(`There is already a ${scope} named ${name}.`)
  const file = await openFile(draft, `${scope}.d/${name}.local`)
  const after = from === undefined ? emptyDefinition[scope] : await copyOf(draft, scope, from)
  return withFile(draft, { ...file, after })
}

const emptyDefinition = {
  filter: '[Definition]\nfailregex =\nignoreregex =\n',
  action: '[Definition]\nactionstart =\nactionstop =\nactioncheck =\nactionban =\nactionunban =\n',
} as const

type Definable = keyof typeof emptyDefinition

/** Returns the files of a filter or an action by its name, relative to the folder; undefined: it has none. */
async function definitionFile(draft: Draft, scope: Definable, name: string): Promise<string[] | undefined> {
  const files: string[] = []
  for (const ending of ['.conf', '.local']) {
    const inside = `${scope}.d/${name}${ending}`
    if ((await textOf(draft, inside)) !== null) files.push(inside)
  }
  return files.length === 0 ? undefined : files
}

/** Returns the text of a filter or an action, with what its `.local` file sets. */
async function copyOf(draft: Draft, scope: Definable, from: string): Promise<string> {
  const [first = '', ...others] = (await definitionFile(draft, scope, from)) ?? []
  let text = first === '' ? null : await textOf(draft, first)
  if (text === null) throw new ConfigRefusedError(`There is no ${scope} named ${from}.`)
  for (const inside of others)
    for (const { name: section, options } of parseIni((await textOf(draft, inside)) ?? '').sections)
      for (const { key, value } of options) text = setOption(text, { section, key, value })
  return text
}

async function createJail(draft: Draft, name: string, from: string | undefined): Promise<Draft> {
  const { config } = draft
  if (!isNewJailName(name)) throw new ConfigRefusedError(NEW_JAIL_NAME_RULE)
  if (hasJail(config, name)) throw new ConfigRefusedError(`There is already a jail named ${name}.`)
  if (from !== undefined && !hasJail(config, from)) throw new JailUnknownError(from)
  const file = await openFile(draft, OWN_JAIL_FILE)
  const options = from === undefined ? [] : optionsOf(draft, from)
  const after = appendSection(file.after ?? OVERRIDES_HEADER, name, [
    { key: 'enabled', value: 'false' },
    ...options,
  ])
  return withFile(draft, { ...file, after })
}

/** The options of the section of a jail, of all files together. */
function optionsOf({ config: { jail } }: Draft, from: string): SectionOption[] {
  const section = jail.sections.get(from)
  const own = [...(section?.options.values() ?? [])].filter(({ key }) => key !== 'enabled')
  const options = own.map(({ key, raw }) => {
    const replaced = section?.known.get(key)?.raw
    return { key, value: replaced === undefined ? raw : raw.replaceAll(`%(known/${key})s`, () => replaced) }
  })
  // the filter that a jail has by its name
  const filter = own.some(({ key }) => key === 'filter') ? undefined : jail.defaults.get('filter')?.raw
  if (filter?.includes('%(__name__)s') !== true) return options
  return [{ key: 'filter', value: filter.replaceAll('%(__name__)s', () => from) }, ...options]
}

/**
 * Returns the draft without a jail, a filter or an action that somebody made on this machine.
 * @throws ConfigUnwritableError for what comes with fail2ban, JailUnknownError, ConfigRefusedError
 */
export async function planDelete(draft: Draft, { scope, name }: DeleteEdit): Promise<Draft> {
  if (scope === 'jail') return deleteJail(draft, name)
  const files = await definitionFile(draft, scope, name)
  if (files === undefined) throw new ConfigRefusedError(`There is no ${scope} named ${name}.`)
  let without = draft
  for (const inside of files) {
    await assertOwn(draft, inside, `The ${scope} ${name}`)
    without = withFile(without, { ...(await openFile(without, inside)), after: null })
  }
  return without
}

async function deleteJail(draft: Draft, name: string): Promise<Draft> {
  if (!hasJail(draft.config, name)) throw new JailUnknownError(name)
  const read = draft.config.jail.files.map((file) => insideOf(draft.config, file))
  let without = draft
  for (const inside of new Set([...read, OWN_JAIL_FILE])) {
    const text = await textOf(without, inside)
    if (text === null || !parseIni(text).sections.some((section) => section.name === name)) continue
    await assertOwn(draft, inside, `The jail ${name}`)
    const file = await openFile(without, inside)
    const rest = removeSections(text, name)
    const isOver = text.startsWith(OVERRIDES_HEADER) && rest.trim() === OVERRIDES_HEADER.trim()
    without = withFile(without, { ...file, after: isOver ? null : rest })
  }
  return without
}

async function assertOwn({ live }: Draft, inside: string, what: string): Promise<void> {
  if (await isPackaged(live, inside))
    throw new ConfigUnwritableError(`${what} comes with fail2ban (${inside}), so BanGUI does not delete it.`)
}
