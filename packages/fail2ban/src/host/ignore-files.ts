import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { parseAddress } from '@bangui/shared'
import { splitWords } from '../config/edit-words.ts'
import type { IgnoredFile } from '../models/ignore-models.ts'

/** The largest list of addresses that is read, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Returns the addresses of a file that a jail ignores (`file:` in `ignoreip`, fail2ban 1.1.1). Only addresses and networks are
 * returned, in canonical text: the file may be any that root can read. Never rejects: `problem` has the reason why the file
 * cannot be read.
 */
export async function readIgnoredFile(path: string): Promise<IgnoredFile> {
  try {
    const words = splitWords(withoutComments(await readText(path)))
    const addresses = new Set<string>()
    let others = 0
    for (const word of words) {
      const address = parseAddress(word)
      if (address) addresses.add(address.text)
      else others += 1
    }
    return { path, addresses: [...addresses], others, problem: null }
  } catch (error) {
    return { path, addresses: [], others: 0, problem: describe(path, error) }
  }
}

/** `helpers.py`, `removeComments`. */
const withoutComments = (text: string) => text.replaceAll(/(?:^|\s)[#;].*/gm, '')

class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

async function readText(path: string): Promise<string> {
  if (!isAbsolute(path))
    throw new UnreadableError('its path is relative to the folder that fail2ban was started in')
  // looked at first: opening a device can have effects
  if (!(await stat(path)).isFile()) throw new UnreadableError('it is not a regular file')
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = await handle.stat()
    if (size > MAX_BYTES) throw new UnreadableError('it is larger than 4 MiB')
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function describe(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  const why = error instanceof UnreadableError ? error.message : (code ?? 'unknown error')
  return `BanGUI cannot read ${path}, so it does not know what the jail ignores because of it: ${why}.`
}
