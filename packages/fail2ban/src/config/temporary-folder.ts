import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../is-alive.ts'

/** The purposes of the folders: copies of the configuration, and the files of a bare daemon. */
type Purpose = 'bangui-stage' | 'bgr'

/** Older folders are not in use, even if another program has the process id in their name by now. */
const MAX_AGE_MS = 60 * 60_000

/** The paths of our own folders: after a restart in a container, another process has had the same id. */
const open = new Set<string>()

/** Returns the namespace of process ids, in which containers that share the folder of temporary files do not see each other's. */
const namespace = async (): Promise<string> => {
  const link = await readlink('/proc/self/ns/pid').catch(() => '')
  return Number(/\d{1,15}/.exec(link)?.[0] ?? 0).toString(36)
}

/** Creates a folder that only this user may enter, named by purpose and process. Removes the folders of processes that have ended. */
export async function makeTemporaryFolder(purpose: Purpose, base = tmpdir()): Promise<string> {
  await removeLeftovers(base)
  const path = join(base, `${purpose}-${process.pid}-${await namespace()}-${randomBytes(3).toString('hex')}`)
  open.add(path)
  await mkdir(path, { mode: 0o700 })
  return path
}

/** Removes a folder that {@link makeTemporaryFolder} created. */
export async function removeTemporaryFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  open.delete(path)
}

/**
 * Removes the folders of processes that were killed before they could: a copy of the configuration may hold keys of
 * other services. Only folders of this user are touched; never rejects.
 */
export async function removeLeftovers(base = tmpdir()): Promise<void> {
  const names = await readdir(base).catch((): string[] => [])
  const here = await namespace()
  for (const name of names) {
    const [, pid, where] = /^(?:bangui-stage|bgr)-(\d{1,10})-([\da-z]{1,13})-\w{6}$/.exec(name) ?? []
    const path = join(base, name)
    if (pid === undefined || open.has(path)) continue
    if (await isLeftover(path, where === here ? Number(pid) : undefined))
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** @param pid undefined: of another namespace, in which nobody here knows which processes run */
async function isLeftover(path: string, pid: number | undefined): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isDirectory() || found.uid !== process.geteuid?.()) return false
  if (pid !== undefined && (pid === process.pid || !isAlive(pid))) return true
  return Date.now() - found.mtimeMs > MAX_AGE_MS
}
