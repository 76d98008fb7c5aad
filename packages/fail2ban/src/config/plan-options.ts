import { isAbsolute, join, normalize, relative } from 'node:path'
import { ConfigUnwritableError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import type { Draft, PlannedFile } from './draft.ts'
import { setOption } from './edit-ini.ts'
import { changeWords, editWords, plainWord, splitWords, type WordChange } from './edit-words.ts'
import { readRegularFile } from './file-source.ts'
import { parseIni } from './ini-file.ts'
import { interpolate } from './interpolate.ts'
import { isMissing, whyUnwritable } from './writable-file.ts'

/** The file that BanGUI makes where no `.local` file sets an option yet, relative to the folder. */
const OWN_FILE = join('jail.d', 'zz-bangui.local')

const HEADER = '# Written by BanGUI. Values in this file win over those in other files.\n'

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
  const current = await lastLocalThatSets(draft.config, wanted.name, wanted.option.key)
  const anew = anewIn(draft.config, wanted)
  if (current === undefined) return editFile(draft, OWN_FILE, anew)
  const inPlace = inPlaceOf(wanted)
  if (current === OWN_FILE) return editFile(draft, OWN_FILE, inPlace)
  try {
    return await editFile(draft, current, inPlace)
  } catch (error) {
    if (!(error instanceof ConfigUnwritableError)) throw error
    const file = await editFile(draft, OWN_FILE, anew).catch((other: unknown) => {
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
function listAnew(
  config: Fail2banConfig,
  { name, key }: { readonly name: string; readonly key: string },
  words: WordChange,
): string {
  const raw = interpolate(config.jail, name, key)?.raw ?? ''
  const loses = splitWords(raw).some((word) => words.remove.map(plainWord).includes(plainWord(word)))
  return changeWords(raw === '' || loses ? raw : `%(known/${key})s`, words)
}

async function editFile({ live, files }: Draft, inside: string, edit: Edit): Promise<PlannedFile> {
  const path = join(live, inside)
  const file = files.get(path) ?? (await openFile(live, path))
  // a file that an earlier edit removes is begun anew
  return { ...file, after: edit(file.after ?? HEADER) }
}

async function openFile(configDir: string, path: string): Promise<PlannedFile> {
  const reason = await whyUnwritable(configDir, path)
  if (reason !== null) throw new ConfigUnwritableError(reason)
  const before = await readIfThere(path)
  return { path, before, after: before === null ? HEADER : decode(path, before) }
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

/** The path relative to the folder, or undefined. */
async function lastLocalThatSets(
  config: Fail2banConfig,
  name: string,
  key: string,
): Promise<string | undefined> {
  for (const file of config.jail.files.toReversed()) {
    const inside = relative(config.configDir, normalize(file))
    if (!inside.endsWith('.local') || isAbsolute(inside) || inside.startsWith('..')) continue
    const bytes = await readIfThere(file)
    if (bytes === null) continue
    const { sections } = parseIni(new TextDecoder().decode(bytes))
    if (
      sections.some(
        (section) => section.name === name && section.options.some((option) => option.key === key),
      )
    )
      return inside
  }
  return undefined
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return (await readRegularFile(path)) ?? null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ConfigUnwritableError(
      `${path} is not valid UTF-8, so BanGUI does not change it. Save it as UTF-8.`,
      { cause },
    )
  }
}
