import { join, relative } from 'node:path'
import { ConfigUnwritableError } from '../../errors.ts'
import type { Draft, PlannedFile } from '../draft.ts'
import { readRegularFile } from '../file-source.ts'
import type { Overlay } from '../file-source.ts'
import { isMissing, whyUnwritable } from '../writable-file.ts'

/** The first line of a file that BanGUI makes for overrides: such a file goes when nothing else is left in it. */
export const OVERRIDES_HEADER = '# Written by BanGUI. Values in this file win over those in other files.\n'

/** Returns a draft with one more planned file, or with another text for one. */
export function withFile(draft: Draft, file: PlannedFile): Draft {
  const files = new Map(draft.files)
  // what is neither there now nor afterwards is no change
  if (file.before === null && file.after === null) files.delete(file.path)
  else files.set(file.path, file)
  return { ...draft, files }
}

/** Returns the planned files where the configuration is read, for a reader that takes them instead of those on disk. */
export const overlayOf = ({ config, live, files }: Pick<Draft, 'config' | 'live' | 'files'>): Overlay =>
  new Map(
    [...files.values()].map(({ path, after }) => [
      join(config.configDir, relative(live, path)),
      after === null ? null : Buffer.from(after),
    ]),
  )

/** Opens a file of the draft to change it. @throws ConfigUnwritableError where BanGUI cannot write it, or it is no UTF-8 */
export async function openFile({ live, files }: Draft, inside: string): Promise<PlannedFile> {
  const path = join(live, inside)
  const planned = files.get(path)
  if (planned !== undefined) return planned
  const reason = await whyUnwritable(live, path)
  if (reason !== null) throw new ConfigUnwritableError(reason)
  const before = await readIfThere(path)
  return { path, before, after: before === null ? null : decode(path, before) }
}

/** Returns the text of a file as the draft leaves it; null: there is none, or none that fail2ban reads. */
export async function textOf({ live, files }: Draft, inside: string): Promise<string | null> {
  const path = join(live, inside)
  const planned = files.get(path)
  if (planned !== undefined) return planned.after
  const bytes = await readIfThere(path)
  return bytes === null ? null : decodeOrNull(bytes)
}

/** Returns the bytes of a regular file; null: there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return (await readRegularFile(path)) ?? null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Returns the text of bytes, with a byte order mark; null: they are no UTF-8, and fail2ban does not read them. */
export function decodeOrNull(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // the decoder throws for nothing but invalid UTF-8
    return null
  }
}

function decode(path: string, bytes: Uint8Array): string {
  const text = decodeOrNull(bytes)
  if (text !== null) return text
  throw new ConfigUnwritableError(
    `${path} is not valid UTF-8, so BanGUI does not change it. Save the file as UTF-8.`,
  )
}
