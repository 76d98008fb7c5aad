import { lstat, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative } from 'node:path'
import { ConfigRefusedError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import { setOption } from './edit-ini.ts'
import { readRegularFile } from './file-source.ts'
import { parseIni } from './ini-file.ts'
import { interpolate } from './interpolate.ts'
import { isInside } from './stage.ts'

/** The file that BanGUI makes where no `.local` file sets an option yet, relative to the folder. */
const OWN_FILE = join('jail.d', 'zz-bangui.local')

const HEADER = '# Written by BanGUI. Values in this file win over those in other files.\n'

/** What a change would write: `path` absolute in the live folder, `before` null where there is no file yet. */
export interface PlannedFile {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: string
}

/** An option of a jail and the value that it should have. */
export interface WantedOption {
  readonly key: string
  readonly value: string
}

/**
 * Works out which `.local` files give a jail these options: for each the last one that sets it already, else
 * `jail.d/zz-bangui.local`. Nothing is written. @throws ConfigRefusedError when a file is not BanGUI's to write
 */
export async function planOptions(
  config: Fail2banConfig,
  name: string,
  options: readonly WantedOption[],
): Promise<PlannedFile[]> {
  const files = new Map<string, PlannedFile>()
  for (const { key, value } of options) {
    const path = join(config.configDir, (await lastLocalThatSets(config, name, key)) ?? OWN_FILE)
    const file = files.get(path) ?? (await openFile(config.configDir, path))
    files.set(path, { ...file, after: setOption(file.after, { section: name, key, value }) })
  }
  return [...files.values()]
}

async function openFile(configDir: string, path: string): Promise<PlannedFile> {
  await assertWritable(configDir, path)
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

/** Refuses what is reached through a link that leaves the folder, and what is no regular file. */
async function assertWritable(configDir: string, path: string): Promise<void> {
  const root = await realpath(configDir)
  const folder = await realpath(dirname(path)).catch(() => null)
  if (folder !== null && !isInside(root, folder)) {
    throw new ConfigRefusedError(
      `${dirname(path)} is a link to ${folder}, outside of ${configDir}. BanGUI does not write there.`,
    )
  }
  const found = await lstat(path).catch(() => null)
  if (found?.isSymbolicLink() === true) {
    const target = await realpath(path).catch(() => 'nowhere')
    throw new ConfigRefusedError(
      `${path} is a link to ${target}. BanGUI does not write through links. Change that file by hand.`,
    )
  }
  if (found !== null && !found.isFile())
    throw new ConfigRefusedError(`${path} is no regular file. BanGUI does not write there.`)
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return (await readRegularFile(path)) ?? null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null
    throw error
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ConfigRefusedError(
      `${path} is not valid UTF-8, so BanGUI does not change it. Save it as UTF-8.`,
      { cause },
    )
  }
}
