import { createHash } from 'node:crypto'
import { readIni } from './ini-file.ts'
import type { IniFile } from './ini-file.ts'

/** How much content is remembered, in bytes: several times what Debian ships. */
const MAX_BYTES = 4 * 1024 * 1024

interface Parsed {
  readonly file: IniFile
  readonly bytes: number
}

const parsed = new Map<string, Parsed>()
let total = 0

/** As {@link readIni}, which is pure: content that was parsed before is not parsed again. */
export function readIniOnce(bytes: Uint8Array): IniFile {
  const hash = createHash('sha1').update(bytes).digest('base64')
  const known = parsed.get(hash)
  if (known !== undefined) return known.file
  const file = readIni(bytes)
  if (bytes.length > MAX_BYTES / 4) return file
  parsed.set(hash, { file, bytes: bytes.length })
  total += bytes.length
  for (const [oldest, { bytes: size }] of parsed) {
    if (total <= MAX_BYTES) break
    parsed.delete(oldest)
    total -= size
  }
  return file
}
