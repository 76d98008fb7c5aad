import { plainParameters, type CreateEdit } from '@bangui/shared'
import { ConfigNotAllowedError, ConfigRefusedError } from '../../errors.ts'
import type { HostErrorParams } from '../../host-error.ts'
import { actionCatalogue } from '../catalogue/action-options.ts'
import { findOption } from '../catalogue/catalogue.ts'
import { grammarOf } from '../catalogue/grammars.ts'
import { isPythonProgram } from '../evaluated-seconds.ts'
import { isNewJailName, NEW_JAIL_NAME_RULE } from '../edits/plan-named.ts'
import type { ChangedKey, ChangedKeys, FileRole } from './changed-keys.ts'
import { newWords } from './kept-words.ts'

/** What a change needs that `BANGUI_CONFIG_WRITE=jails` does not allow. */
export type Need = HostErrorParams['config_not_allowed']

/** A file whose keys differ: its path relative to the folder, and the part of fail2ban that reads it. */
export interface ChangedFile extends ChangedKeys {
  readonly file: string
  readonly role: FileRole
  /** the file as a whole is removed */
  readonly isRemoved: boolean
}

/** The names of the jails before and after a change, whatever they are called. */
export interface KnownJails {
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
}

/**
 * Returns what the changed keys of a file need: default deny, so that only options of the catalogue with plain values need nothing.
 * @throws ConfigRefusedError for a file that fail2ban would refuse, for what has no effect, and for a bad name
 */
export function findNeeds(changed: ChangedFile, jails: KnownJails): Need[] {
  const { file, role, keys, newSections, mistakes } = changed
  const [mistake] = mistakes
  if (mistake !== undefined) {
    const { message, ...at } = mistake
    throw new ConfigRefusedError(`${file}, ${message}`, { place: { file, ...at } })
  }
  if (role === 'jail') assertNewJails(changed, jails)
  if (role === 'jail' || role === 'fail2ban') assertNoPrograms(changed)
  const needs = [
    ...keys.filter((key) => !isGone(changed, key, jails)).flatMap((key) => needOf(changed, key)),
    ...newSections.flatMap((section) => needOfSection(changed, section)),
  ]
  if (changed.hasOtherIncludes && !changed.isRemoved)
    needs.push(needing('all', { file }, 'The file would include different files than before'))
  return needs
}

/** What goes with its whole jail or filter has no effect any more. */
function isGone(
  { role, isRemoved }: ChangedFile,
  { section, after }: ChangedKey,
  jails: KnownJails,
): boolean {
  if (after.length > 0) return false
  if (role === 'filter') return isRemoved
  return role === 'jail' && jails.before.has(section) && !jails.after.has(section) && section !== 'INCLUDES'
}

/** @throws ConfigRefusedError for a section that would be a jail with a name that no command of an action should get */
function assertNewJails({ newSections }: ChangedFile, jails: KnownJails): void {
  const odd = newSections.filter(
    (name) => !jails.before.has(name) && name !== 'DEFAULT' && name !== 'INCLUDES',
  )
  if (odd.some((name) => !isNewJailName(name))) throw new ConfigRefusedError(NEW_JAIL_NAME_RULE)
}

/** @throws ConfigRefusedError for a duration or a factor that fail2ban would run as Python, at any level */
function assertNoPrograms({ file, keys }: ChangedFile): void {
  for (const { section, key, after, line } of keys) {
    if (!after.some((value) => !value.includes('%(') && isPythonProgram(key, value))) continue
    const message = `${key} in [${section}] of ${file} is not a number or a duration, and fail2ban would run the value as Python. Write a number of seconds, or numbers with units, such as 1h 30m.`
    throw new ConfigRefusedError(message, { place: { file, line, section, key } })
  }
}

interface Place {
  readonly file: string
  readonly section?: string
  readonly key?: string
}

/** The plain parameters of actions, for people. */
const parameterNames = [...plainParameters.keys()].join(', ')

const HOW = {
  all: 'needs BANGUI_CONFIG_WRITE=all on this host',
  never: 'is never changed by BanGUI',
} as const

function needing(needs: 'all' | 'never', { file, section, key }: Place, because: string): Need {
  const what =
    key === undefined ? file : `${key}${section === undefined ? '' : ` in [${section}]`} of ${file}`
  const message = `${what} ${HOW[needs]}. ${because}.`
  return { message, file, section: section ?? null, key: key ?? null, needs }
}

function needOf({ file, role }: ChangedFile, changed: ChangedKey): Need[] {
  const { section, key, after } = changed
  const place = { file, section, key }
  if (key === 'socket' || key === 'pidfile') {
    if (role === 'fail2ban' || role === 'other')
      return [
        needing('never', place, 'fail2ban deletes or overwrites the file with that name when it starts'),
      ]
  }
  if (role === 'action')
    return [needing('all', place, 'Action files contain the commands that fail2ban runs as root')]
  if (section === 'INCLUDES') return [needing('all', place, 'An include can read any other file')]
  if (role === 'other')
    return [needing('all', place, 'fail2ban reads this file wherever another file includes it')]
  if (role === 'filter') return filterNeeds(place, after)
  if (role === 'jail' && actionCatalogue.some((option) => option.key === key))
    throw new ConfigRefusedError(
      `${key} has no effect in a jail: fail2ban reads this option only in action files.`,
    )
  return catalogueNeeds(place, role, changed)
}

function catalogueNeeds(
  place: Required<Place>,
  role: 'jail' | 'fail2ban',
  { after, before }: Pick<ChangedKey, 'after' | 'before'>,
): Need[] {
  const option = findOption(role, place.key)
  if (option === undefined)
    return [needing('all', place, 'BanGUI does not know this option, and an action may use it in a command')]
  if (option.privilege === 'never') return [needing('never', place, 'Change it in the file yourself')]
  if (place.key === 'action')
    return [
      needing(
        'all',
        place,
        `Otherwise, only the values of ${parameterNames} in the brackets of its actions can be changed`,
      ),
    ]
  if (option.privilege === 'all')
    return [needing('all', place, 'This option can run commands or write files as root')]
  const { says, accepts } = grammarOf(option)
  const isList = place.key === 'ignoreip'
  if (after.every((value) => accepts(isList ? newWords(value, before) : value))) return []
  return [needing('all', place, `Otherwise, the value must be ${says}`)]
}

const filterSections = /^(?:Definition|Init|DEFAULT|Init\?family=inet[46])$/

/** The variables of a filter are parts of its expressions: what those ban by is looked at when they are filled in. */
function filterNeeds(place: Required<Place>, after: readonly string[]): Need[] {
  if (!filterSections.test(place.section))
    return [needing('all', place, 'A filter has only the sections [Definition] and [Init]')]
  const option = findOption('filter', place.key)
  const { says, accepts } = grammarOf(option ?? { type: 'regexes' })
  return after.every(accepts) ? [] : [needing('all', place, `Otherwise, the value must be ${says}`)]
}

function needOfSection({ file, role }: ChangedFile, section: string): Need[] {
  const isPlain =
    role === 'jail' ||
    (role === 'filter' && filterSections.test(section)) ||
    (role === 'fail2ban' && /^(?:Definition|DEFAULT|Thread)$/.test(section))
  return isPlain && section !== 'INCLUDES'
    ? []
    : [needing('all', { file, section }, 'The section can change what fail2ban reads')]
}

/** Returns what creating something needs by itself; its options are looked at like those of any other file. */
export const needOfCreate = ({ scope, name }: CreateEdit): Need[] =>
  scope === 'action'
    ? [
        needing(
          'all',
          { file: `action.d/${name}.local` },
          'Action files contain the commands that fail2ban runs as root',
        ),
      ]
    : []

/** @throws ConfigNotAllowedError for the first of the needs that the level does not meet */
export function assertAllowed(needs: readonly Need[], level: 'jails' | 'all'): void {
  const need = needs.find((each) => each.needs === 'never' || level === 'jails')
  if (need !== undefined) throw new ConfigNotAllowedError(need)
}
