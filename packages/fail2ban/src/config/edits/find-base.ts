import { join } from 'node:path'
import type { Edit, SetEdit } from '@bangui/shared'
import { ConfigRefusedError, JailUnknownError } from '../../errors.ts'
import { hashOf } from '../../hash-of.ts'
import type { Draft } from '../draft.ts'
import { readIfThere } from './draft-files.ts'
import { optionAt, placeOf } from './option-place.ts'

/** Returns the `base` that an edit made on the present state of the disk has: the value of the option, or the SHA-256 of the file; null: there is none. */
export async function findBase(draft: Draft, edit: Edit): Promise<string | null> {
  if (edit.kind === 'set') return findValueOnDisk(draft, edit)
  const bytes = edit.kind === 'file' ? await readIfThere(join(draft.live, edit.file)) : null
  return bytes && hashOf(bytes)
}

/** Returns what the deciding file has for an option, whatever is planned for it; null: none sets it, or what it belongs to is not there yet. */
export async function findValueOnDisk(
  draft: Draft,
  edit: Omit<SetEdit, 'kind' | 'value'>,
): Promise<string | null> {
  try {
    const onDisk = { ...draft, config: draft.start, files: new Map() }
    const place = await placeOf(onDisk, { ...edit, key: edit.key.toLowerCase(), value: null })
    return optionAt(place)?.raw ?? null
  } catch (error) {
    if (error instanceof JailUnknownError || error instanceof ConfigRefusedError) return null
    throw error
  }
}
