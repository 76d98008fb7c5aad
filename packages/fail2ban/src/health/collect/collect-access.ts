import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AccessSeen, ViewSeen } from '../seen/files-seen.ts'
import type { Collector } from './collector.ts'

const MAX_FILES = 1000

/** Sees who may write fail2ban's files. */
export const collectAccess: Collector<'access'> = async ({ context, get }) => {
  const { configDir, socketPath } = context
  const database = await get('daemonValues').then(
    ({ databaseFile }) => databaseFile,
    () => null,
  )
  const folders = [
    configDir,
    ...['jail.d', 'filter.d', 'action.d', 'fail2ban.d'].map((name) => join(configDir, name)),
  ]
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))),
  )
  const paths = [...new Set([...folders, ...files.flat()])].slice(0, MAX_FILES)
  const found = await Promise.all([
    ...paths.map((path) => modeOf(path, 'config')),
    modeOf(socketPath, 'socket'),
    ...(database === null ? [] : [modeOf(database, 'database')]),
  ])
  return found.flat()
}

const modeOf = async (path: string, kind: AccessSeen['kind']): Promise<AccessSeen[]> =>
  stat(path).then(
    ({ mode }) => [{ path, kind, mode }],
    () => [],
  )

/** Sees how BanGUI's own settings compare with fail2ban's configuration. */
export const collectView: Collector<'view'> = async ({ context, get }): Promise<ViewSeen> => {
  const { own } = await get('config')
  const real = (path: string) => realpath(path).catch(() => path)
  return {
    socketPath: context.socketPath,
    isSameSocket: (await real(own.socket)) === (await real(context.socketPath)),
    isRoot: process.getuid?.() === 0,
  }
}
