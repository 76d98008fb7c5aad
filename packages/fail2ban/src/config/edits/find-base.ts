import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import type { Draft } from '../draft.ts'
import { readIfThere } from './draft-files.ts'
import { optionAt, placeOf } from './option-place.ts'

/**
 * Returns the `base` that an edit made on the present state has: the value of the option, or the SHA-256 of the file; null: there is
 * none. @throws as placeOf does
 */
export async function findBase(draft: Draft, edit: Edit): Promise<string | null> {
  if (edit.kind === 'set') {
    const place = await placeOf(draft, { ...edit, key: edit.key.toLowerCase() })
    return optionAt(place)?.raw ?? null
  }
  return edit.kind === 'file' ? hashOf(await readIfThere(join(draft.live, edit.file))) : null
}

/** Returns the SHA-256 of bytes, as hex digits; null: there are none. */
export const hashOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : createHash('sha256').update(bytes).digest('hex')
