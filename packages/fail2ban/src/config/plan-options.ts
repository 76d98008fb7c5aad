import { isAbsolute, join, normalize, relative } from 'node:path'
import { ConfigUnwritableError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import { setOption } from './edit-ini.ts'
import { changeWords, editWords, plainWord, splitWords, type WordChange } from './edit-words.ts'
import { readRegularFile } from './file-source.ts'
import { parseIni } from './ini-file.ts'
import { interpolate } from './interpolate.ts'
import { isMissing, whyUnwritable } from './writable-file.ts'

/** The file that BanGUI makes where no `.local` file sets an option yet, relative to the folder. */
const OWN_FILE = join('jail.d', 'zz-bangui.local')

const HEADER = '# Written by BanGUI. Values in this file win over those in other files.\n'

/** A file that a change would write: `path` is absolute in the live folder, `before` null where there is no file yet. */
export interface PlannedFile {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: string
  /** why the files that set an option so far cannot get the new value, as sentences */
  readonly skippedFiles?: readonly string[]
}

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
  config: Fail2banConfig,
  name: string,
  options: readonly WantedOption[],
): Promise<PlannedFile[]> {
  const files = new Map<string, PlannedFile>()
  for (const option of options) {
    const file = await planOption(config, { name, option }, files)
    files.set(file.path, file)
  }
  return [...files.values()]
}

type Files = ReadonlyMap<string, PlannedFile>

interface Wanted {
  readonly name: string
  readonly option: WantedOption
}

async function planOption(config: Fail2banConfig, wanted: Wanted, files: Files): Promise<PlannedFile> {
  const current = await lastLocalThatSets(config, wanted.name, wanted.option.key)
  const anew = { edit: anewIn(config, wanted), files }
  if (current === undefined) return editFile(config, OWN_FILE, anew)
  const inPlace = { edit: inPlaceOf(wanted), files }
  if (current === OWN_FILE) return editFile(config, OWN_FILE, inPlace)
  try {
    return await editFile(config, current, inPlace)
  } catch (error) {
    if (!(error instanceof ConfigUnwritableError)) throw error
    const file = await editFile(config, OWN_FILE, anew).catch((other: unknown) => {
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

interface PlannedEdit {
  readonly edit: Edit
  readonly files: Files
}

async function editFile(
  { configDir }: Fail2banConfig,
  inside: string,
  { edit, files }: PlannedEdit,
): Promise<PlannedFile> {
  const path = join(configDir, inside)
  const file = files.get(path) ?? (await openFile(configDir, path))
  return { ...file, after: edit(file.after) }
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
