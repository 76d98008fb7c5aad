import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { stockActions, stockFilters, stockFiles } from './stock-files.ts'

const DPKG_INFO = '/var/lib/dpkg/info'

/**
 * Returns whether a file comes with fail2ban, or with another package of this machine as far as Debian's package manager tells.
 * `inside` is relative to the folder.
 */
export async function isPackaged(configDir: string, inside: string, dpkgInfo = DPKG_INFO): Promise<boolean> {
  if (isStock(inside)) return true
  const root = await realpath(configDir).catch(() => configDir)
  return (await packagedPaths(dpkgInfo)).has(join(root, inside))
}

function isStock(inside: string): boolean {
  const [, folder, name = ''] = /^(filter|action)\.d\/(.+)\.conf$/.exec(inside) ?? []
  if (folder === undefined) return stockFiles.has(inside)
  return (folder === 'filter' ? stockFilters : stockActions).has(name)
}

/** The files of the configuration that packages own (`*.conffiles`, deb-conffiles(5)); empty where there is no dpkg. */
async function packagedPaths(dpkgInfo: string): Promise<ReadonlySet<string>> {
  const names = await readdir(dpkgInfo).catch(() => [])
  const lists = await Promise.all(
    names
      .filter((name) => name.endsWith('.conffiles'))
      .map((name) => readFile(join(dpkgInfo, name), 'utf8').catch(() => '')),
  )
  return new Set(lists.flatMap((list) => list.split('\n')))
}
