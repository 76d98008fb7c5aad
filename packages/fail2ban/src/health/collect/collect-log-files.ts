import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { LogFileSeen } from '../seen/files-seen.ts'
import { logPath } from '../../host/log-tail.ts'
import { daemonRoot } from './collect-own-log.ts'
import type { Collector } from './collector.ts'

/** No machine has more logs that matter. */
const MAX_FILES = 5000

/** Sees the log files that jails read, and those that the configuration names for them. */
export const collectLogFiles: Collector<'logFiles'> = async (collecting) => {
  const jails = await collecting.get('jails')
  const config = await collecting.get('config').catch(() => null)
  const configured = config?.stream?.jails.flatMap(({ logPaths }) => logPaths) ?? []
  const plain =
    config?.jails.flatMap(({ logPatterns }) => logPatterns.filter((path) => !isPattern(path))) ?? []
  const read = jails.flatMap(({ logPaths }) => logPaths)
  const paths = [...new Set([...read, ...configured, ...plain])].slice(0, MAX_FILES)
  const root = await daemonRoot(collecting)
  return Promise.all(paths.map((path) => look(root, path)))
}

/** Returns whether a log path has a part that stands for other text (`glob`). */
export const isPattern = (path: string): boolean => /[*?[]/.test(path)

const nothing = { size: 0, modifiedAt: 0, inode: '', mode: 0, uid: -1, gid: -1, bornAt: 0, folderBornAt: 0 }

/** Looks at one file under the root of the daemon. */
export async function look(root: string, path: string): Promise<LogFileSeen> {
  try {
    const found = await stat(`${root}${path}`)
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
    const { size, mtimeMs, mode, uid, gid, dev, ino, birthtimeMs: bornAt } = found
    const { birthtimeMs: folderBornAt } = await stat(dirname(`${root}${path}`))
    return {
      path,
      kind,
      size,
      modifiedAt: mtimeMs,
      inode: `${dev}:${ino}`,
      mode,
      uid,
      gid,
      bornAt,
      folderBornAt,
    }
  } catch (error) {
    const isGone =
      error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return { path, kind: isGone ? 'missing' : 'unseen', ...nothing }
  }
}

/** Sees whether there is a folder for the log that the configuration names. Not every log is a file. */
export const collectLogTarget: Collector<'logTarget'> = async (collecting) => {
  const { own } = await collecting.get('config')
  const path = logPath(own.logtarget)
  if (path === undefined) return null
  const { kind } = await look(await daemonRoot(collecting), dirname(path))
  return { path, folder: kind }
}
