import type { AddedIgnore, RemovedIgnore } from '../models/ignore-models.ts'
import type { Fail2banConfig } from './config-model.ts'
import { jailsWithOwnList } from './configured-ignores.ts'
import type { Draft, PlannedFile } from './draft.ts'
import { findOption, setOption } from './edit-ini.ts'
import { editWords, plainWord, splitWords, type WordChange } from './edit-words.ts'
import { openFile, OVERRIDES_HEADER, textOf, withFile } from './edits/draft-files.ts'
import { insideOf, OWN_JAIL_FILE } from './edits/option-place.ts'
import { planSet } from './edits/plan-set.ts'
import { parseIni } from './ini-file.ts'
import { interpolate } from './interpolate.ts'
import { hasJail } from './list-jails.ts'
import { readAgain } from './plan-edits.ts'
import { decidingPlace, listAnew, planOptions } from './plan-options.ts'

const KEY = 'ignoreip'

/** What ignore lists get and lose. */
export interface IgnoreChange {
  readonly add: readonly AddedIgnore[]
  readonly remove: readonly RemovedIgnore[]
}

/**
 * Works out the files that change ignore lists. An entry of every jail is added to the list of `[DEFAULT]`, and to that of every
 * jail that has one of its own and does not take up that of `[DEFAULT]`; such a jail gets it in BanGUI's own file, beside a reference
 * to the list that it has. Nothing is written. @throws ConfigUnwritableError
 */
export async function planIgnores(draft: Draft, change: IgnoreChange): Promise<PlannedFile[]> {
  const first = await planSection(draft, 'DEFAULT', wordsOf(draft.config, change, 'DEFAULT'))
  const current = first === draft ? draft : await readAgain(first)
  let planned = current
  for (const section of sectionsOf(current.config, change))
    planned = await planSection(planned, section, wordsOf(current.config, change, section))
  return [...planned.files.values()]
}

/** Returns whether the configuration has all that is added, and nothing of what is removed. */
export const hasIgnores = (config: Fail2banConfig, change: IgnoreChange): boolean =>
  ['DEFAULT', ...sectionsOf(config, change)].every((section) => isEmpty(wordsOf(config, change, section)))

/** Returns which list does not have what it should, and which place decides it, as a sentence; null: all have. */
export function findShadowedIgnore(
  config: Fail2banConfig,
  change: IgnoreChange,
  live: string,
): string | null {
  for (const section of ['DEFAULT', ...sectionsOf(config, change)]) {
    const { add } = wordsOf(config, change, section)
    if (add.length === 0) continue
    const found = decidingPlace(config, { name: section, key: KEY }, live)
    const place = found === null ? '' : ` ${found.place} is read later and sets it. Change it there.`
    return `${add.join(', ')} cannot be added to ${KEY} in [${section}].${place}`
  }
  return null
}

const isEmpty = ({ add, remove }: WordChange) => add.length + remove.length === 0

/** The jails whose own list may have to change. */
function sectionsOf(config: Fail2banConfig, { add, remove }: IgnoreChange): string[] {
  const named = [...add.flatMap(({ jail }) => jail ?? []), ...remove.flatMap(({ sections }) => sections)]
  const sections = new Set([...jailsWithOwnList(config), ...named])
  return [...sections].filter((section) => section !== 'DEFAULT' && hasJail(config, section))
}

/** The words that a list still has to get and lose. What a reference brings in cannot be removed from a list. */
function wordsOf(config: Fail2banConfig, { add, remove }: IgnoreChange, section: string): WordChange {
  const found = interpolate(config.jail, section, KEY)
  const there = new Set(splitWords(found?.problem === null ? found.value : '').map(plainWord))
  const own = new Set(splitWords(found?.raw ?? '').map(plainWord))
  const isFor = ({ jail }: AddedIgnore) => jail === section || jail === null
  return {
    add: add.flatMap((each) => (isFor(each) && !there.has(each.entry) ? [each.entry] : [])),
    remove: remove.flatMap(({ entry, sections }) =>
      sections.includes(section) && own.has(entry) && isOwn(config, section) ? [entry] : [],
    ),
  }
}

/** A jail without a list of its own shows that of `[DEFAULT]`. */
const isOwn = ({ jail }: Fail2banConfig, section: string) =>
  section === 'DEFAULT' || jail.sections.get(section)?.options.has(KEY) === true

/** The list of `[DEFAULT]` is changed where it stands; `%(known/ignoreip)s` there would break the whole configuration. */
async function planSection(draft: Draft, section: string, words: WordChange): Promise<Draft> {
  if (isEmpty(words)) return draft
  const file = section === 'DEFAULT' ? undefined : await ownFileWith(draft, section, words)
  if (file !== undefined) return tidy(withFile(draft, file), section, words)
  const files = await planOptions(draft, section, [{ key: KEY, words }])
  return tidy(files.reduce(withFile, draft), section, words)
}

/** Returns BanGUI's own file with the words of a jail; undefined: they have to be changed in another file. */
async function ownFileWith(
  draft: Draft,
  section: string,
  words: WordChange,
): Promise<PlannedFile | undefined> {
  const file = await openFile(draft, OWN_JAIL_FILE)
  const text = file.after ?? OVERRIDES_HEADER
  const place = { section, key: KEY }
  if (findOption(parseIni(text), section, KEY) !== undefined)
    return { ...file, after: editWords(text, place, words) }
  if (words.remove.length > 0 || hasToStay(draft.config, section)) return undefined
  const value = listAnew(draft.config, { name: section, key: KEY }, words)
  return { ...file, after: setOption(text, { ...place, value }) }
}

/** Where the list of a jail is read after BanGUI's own file, or refers to an earlier one, which a second reference would hide. */
function hasToStay(config: Fail2banConfig, section: string): boolean {
  const option = config.jail.sections.get(section)?.options.get(KEY)
  if (option === undefined || option.file === null) return false
  const inside = insideOf(config, option.file)
  const isLater = inside.startsWith('jail.d/') && inside.endsWith('.local') && inside > OWN_JAIL_FILE
  return isLater || option.raw.toLowerCase().includes(`%(known/${KEY})s`)
}

/** Removes a list from BanGUI's own file that has nothing of its own left after entries were removed. */
async function tidy(draft: Draft, section: string, { remove }: WordChange): Promise<Draft> {
  if (remove.length === 0) return draft
  const text = await textOf(draft, OWN_JAIL_FILE)
  const value = text === null ? undefined : findOption(parseIni(text), section, KEY)?.value
  if (value === undefined || !isLeftOver(draft.config, section, value)) return draft
  const scope =
    section === 'DEFAULT' ? ({ scope: 'default' } as const) : ({ scope: 'jail', name: section } as const)
  return planSet(draft, { kind: 'set', ...scope, key: KEY, value: null })
}

function isLeftOver({ jail: tree }: Fail2banConfig, section: string, value: string): boolean {
  const words = splitWords(value)
  if (words.length === 0) return true
  if (section !== 'DEFAULT') return words.join() === `%(known/${KEY})s`
  // a copy of the list that another file has
  const other = tree.defaultPlaces.get(KEY)?.findLast(({ file }) => file?.endsWith(OWN_JAIL_FILE) === false)
  return other !== undefined && splitWords(other.raw).join() === words.join()
}
