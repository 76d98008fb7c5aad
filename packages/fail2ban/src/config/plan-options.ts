import { join, relative } from 'node:path'
import { ConfigUnwritableError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import type { Draft, PlannedFile } from './draft.ts'
import { setOption } from './edit-ini.ts'
import { changeWords, editWords, plainWord, splitWords, type WordChange } from './edit-words.ts'
import { OVERRIDES_HEADER, openFile } from './edits/draft-files.ts'
import { jailPlace, lastLocalThatSets, OWN_JAIL_FILE } from './edits/option-place.ts'
import { interpolate } from './interpolate.ts'

/** An option of a jail and the value that it should have, or the words that a list should have more or less. */
export type WantedOption =
  | { readonly key: string; readonly value: string }
  | { readonly key: string; readonly words: WordChange }

/**
 * Works out which `.local` files give a jail these options: for each option the last file that sets it already, or, if
 * there is none or BanGUI cannot write it, `jail.d/zz-bangui.local`, which wins over it. Nothing is written.
 * @throws ConfigUnwritableError when BanGUI can write neither
 */
export async function planOptions(
  draft: Draft,
  name: string,
  options: readonly WantedOption[],
): Promise<PlannedFile[]> {
  const planned = new Map<string, PlannedFile>()
  for (const option of options) {
    const files = new Map([...draft.files, ...planned])
    const file = await planOption({ ...draft, files }, { name, option })
    planned.set(file.path, file)
  }
  return [...planned.values()]
}

interface Wanted {
  readonly name: string
  readonly option: WantedOption
}

async function planOption(draft: Draft, wanted: Wanted): Promise<PlannedFile> {
  const current = await lastLocalThatSets(draft, jailPlace(draft.config.jail, wanted.name, wanted.option.key))
  const anew = anewIn(draft.config, wanted)
  if (current === undefined) return editFile(draft, OWN_JAIL_FILE, anew)
  const inPlace = inPlaceOf(wanted)
  if (current === OWN_JAIL_FILE) return editFile(draft, OWN_JAIL_FILE, inPlace)
  try {
    return await editFile(draft, current, inPlace)
  } catch (error) {
    if (!(error instanceof ConfigUnwritableError)) throw error
    const file = await editFile(draft, OWN_JAIL_FILE, anew).catch((other: unknown) => {
      throw other instanceof ConfigUnwritableError ? both(error, other) : other
    })
    return { ...file, skippedFiles: [...new Set([...(file.skippedFiles ?? []), error.message])] }
  }
}

const both = (first: Error, second: Error) =>
  new ConfigUnwritableError(`${first.message} ${second.message}`, { cause: second })

/** Changes an option in the text of a file. */
type Edit = (text: string) => string

/** In the file that sets the option already. */
function inPlaceOf({ name, option }: Wanted): Edit {
  const place = { section: name, key: option.key }
  return (text) =>
    'words' in option
      ? editWords(text, place, option.words)
      : setOption(text, { ...place, value: option.value })
}

/** Plans the option in a file that is read later than the one that sets it, or where no file does. */
function anewIn(config: Fail2banConfig, { name, option }: Wanted): Edit {
  const value = 'words' in option ? listAnew(config, { name, key: option.key }, option.words) : option.value
  return (text) => setOption(text, { section: name, key: option.key, value })
}

/**
 * Returns the text of a list that overrides the effective one: a reference to it, which follows its changes, or, if
 * words are removed, its text without them. New words go first, since the reference may contain a `file:`.
 */
export function listAnew(
  config: Fail2banConfig,
  { name, key }: { readonly name: string; readonly key: string },
  words: WordChange,
): string {
  const raw = interpolate(config.jail, name, key)?.raw ?? ''
  const loses = splitWords(raw).some((word) => words.remove.map(plainWord).includes(plainWord(word)))
  // in [DEFAULT], that reference breaks the whole configuration
  const isCopied = raw === '' || loses || name === 'DEFAULT'
  if (isCopied) return changeWords(raw, words)
  const known = `%(known/${key})s`
  if (!raw.toLowerCase().includes(known)) return changeWords(known, words)
  // there is one earlier value only: a second reference would lead to the first one for ever
  const earlier = config.jail.sections.get(name)?.places.get(key)?.at(-2)?.raw ?? `%(default/${key})s`
  return changeWords(
    raw.replaceAll(/%\(known\/[^()%]+\)s/gi, () => earlier),
    words,
  )
}

async function editFile(draft: Draft, inside: string, edit: Edit): Promise<PlannedFile> {
  const file = await openFile(draft, inside)
  // a file that an earlier edit removes is begun anew
  return { ...file, after: edit(file.after ?? OVERRIDES_HEADER) }
}

/** The place that decides an option, as a message names it: a path in the live folder and the line. Null: none does. */
export function decidingPlace(
  config: Fail2banConfig,
  { name, key }: { readonly name: string; readonly key: string },
  live: string,
): { readonly place: string; readonly value: string } | null {
  const found = interpolate(config.jail, name, key)
  if (found?.file === undefined || found.file === null) return null
  const inside = relative(config.configDir, found.file)
  const file = inside.startsWith('..') ? found.file : join(live, inside)
  return { place: `${file}, line ${found.line ?? 0},`, value: found.value }
}
