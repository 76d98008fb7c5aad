import { randomBytes, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFolder } from '@bangui/db'
import { createToken, hashToken, isToken } from '../auth/session-token.ts'

/** The secret that proves that the person who completes the setup may read files on this server. */
export interface SetupToken {
  /** the file that holds it while the setup is not complete */
  readonly path: string
  /** Returns the token, and creates one if there is none. */
  ensure(): Promise<string>
  matches(given: string): Promise<boolean>
  remove(): Promise<void>
}

export function createSetupToken({ dataDir }: { readonly dataDir: string }): SetupToken {
  const path = join(dataDir, 'setup-token')

  return {
    path,
    async ensure() {
      const existing = await readToken(path)
      if (existing) return existing
      const token = createToken()
      createPrivateFolder(dataDir)
      await writeToken(path, token)
      return token
    },
    async matches(given) {
      const token = await readToken(path)
      if (!token) return false
      // equal lengths, whatever was given
      return timingSafeEqual(hashToken(given.trim()), hashToken(token))
    },
    remove: () => rm(path, { force: true }),
  }
}

/** Returns the token in the file; undefined: there is none, or others could know it. */
async function readToken(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  )
  if (!file) return undefined
  try {
    const { mode, size, uid } = await file.stat()
    const isFile = (mode & constants.S_IFMT) === constants.S_IFREG
    const isPrivate = isFile && (mode & 0o077) === 0 && uid === process.geteuid?.()
    if (!isPrivate || size > 256) return undefined
    const text = (await file.readFile('utf8')).trim()
    return isToken(text) ? text : undefined
  } finally {
    await file.close()
  }
}

async function writeToken(path: string, token: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    await file.writeFile(`${token}\n`).finally(() => file.close())
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
