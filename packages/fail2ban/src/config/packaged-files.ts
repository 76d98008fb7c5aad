import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { stockActions, stockFilters, stockFiles } from './stock-files.ts'

const DPKG_INFO = '/var/lib/dpkg/info'

/**
 * Returns whether a file comes with fail2ban, or with another package of this machine as far as Debian's package manager tells.
 * `inside` is relative to the folder.
 */
export async function isPackaged(configDir: string, inside: string, dpkgInfo = DPKG_INFO): Promise<boolean> {
  return (await findPackaged(configDir, [inside], dpkgInfo)).has(inside)
}

/** Returns which of some files come with fail2ban or with another package; see {@link isPackaged}. */
export async function findPackaged(
  configDir: string,
  insides: readonly string[],
  dpkgInfo = DPKG_INFO,
): Promise<ReadonlySet<string>> {
  const found = new Set(insides.filter(isStock))
  const others = insides.filter((inside) => !found.has(inside))
  if (others.length === 0) return found
  const root = await realpath(configDir).catch(() => configDir)
  const packaged = await packagedPaths(dpkgInfo)
  for (const inside of others) if (packaged.has(join(root, inside))) found.add(inside)
  return found
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
