import { createPrivateFolder, makePrivate } from '@bangui/db'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** The text of a key, or why there is none. */
export type FoundKey = { readonly text: string } | { readonly problem: string }

/** Where the key that encrypts secrets comes from. */
export interface KeySource {
  /** Returns the key if there is one. */
  find(): FoundKey
  /** Returns the key, and creates one if there is none. */
  ensure(): FoundKey
}

/** The shortest key that the environment may give. */
export const MIN_KEY_LENGTH = 32

/** A key takes less; a larger file is something else. */
const MAX_KEY_BYTES = 4096

/** Creates the source of the key: the one of the environment (`given`), else the file `secret-key` in the data folder. */
export function createKeySource({
  dataDir,
  given,
}: {
  readonly dataDir: string
  readonly given: string | null
}): KeySource {
  const path = join(dataDir, 'secret-key')
  let known: FoundKey | undefined = given === null ? undefined : { text: given }

  const find = (): FoundKey => {
    if (known) return known
    const found = readKey(path)
    if ('text' in found) known = found
    return found
  }

  return {
    find,
    ensure() {
      const found = find()
      if ('text' in found || !('isMissing' in found)) return found
      const why = createKey(dataDir, path)
      return why === null ? find() : { problem: why }
    },
  }
}

type ReadKey = FoundKey | { readonly problem: string; readonly isMissing: true }

function readKey(path: string): ReadKey {
  let file: number
  try {
    if (!lstatSync(path).isFile()) return { problem: `${path} is not a file.` }
    if (!makePrivate(path)) return { problem: `${path} can be read by other users.` }
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return { problem: `${path} does not exist.`, isMissing: true }
    return { problem: `${path} cannot be read (${code}).` }
  }
  try {
    const buffer = Buffer.alloc(MAX_KEY_BYTES)
    const text = buffer.toString('utf8', 0, readSync(file, buffer)).trim()
    return text.length >= MIN_KEY_LENGTH ? { text } : { problem: `${path} does not contain a key.` }
  } catch (error) {
    return { problem: `${path} cannot be read (${codeOf(error)}).` }
  } finally {
    closeSync(file)
  }
}

/** Writes a new key, whole or not at all, and never over one that is there. Returns why that was not possible. */
function createKey(dataDir: string, path: string): string | null {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    createPrivateFolder(dataDir)
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeSync(file, `${randomBytes(32).toString('base64')}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    linkSync(draft, path)
    return null
  } catch (error) {
    // somebody else may have come first
    return codeOf(error) === 'EEXIST' ? null : `${path} cannot be written (${codeOf(error)}).`
  } finally {
    rmSync(draft, { force: true })
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
