// Files that only this user can read, and that survive a power cut.

import { constants, open } from 'node:fs/promises'

/** Creates a file, durably. @throws where something has that name, a link included */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads a regular file, through no link and without waiting for a pipe. */
export async function readPrivateFile(path: string): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is not a regular file.`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** Makes what was created, renamed or removed in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
