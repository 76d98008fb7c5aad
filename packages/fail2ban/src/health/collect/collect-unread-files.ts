import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnreadFile } from '../seen/config-seen.ts'
import type { Collector } from './collector.ts'

const MAX_FILES = 100

/** What editors, packages and version control leave, and what fail2ban ships beside its files. */
const harmless =
  /(?:~|\.swp|\.swo|\.orig|\.rej|\.dpkg-\w+|\.ucf-\w+|\.rpmnew|\.rpmsave|\.py|\.pyc|^\.git\w*|^README.*|^__pycache__|^ignorecommands)$/i
/** The files that fail2ban reads from the folder itself, or by name from another one. */
const known = /^(?:jail|fail2ban|paths-[\w-]+)\.(?:conf|local)$/

/** Sees files in the folders of the configuration whose names fail2ban passes over. */
export const collectUnreadFiles: Collector<'unreadFiles'> = async ({ context }) => {
  const { configDir } = context
  const found: UnreadFile[] = []
  for (const folder of ['jail.d', 'fail2ban.d', 'filter.d', 'action.d']) {
    for (const entry of await list(join(configDir, folder))) {
      const { name } = entry
      const file = join(configDir, folder, name)
      if (harmless.test(name)) continue
      if (entry.isDirectory()) found.push({ file, why: 'fail2ban does not read folders inside this folder.' })
      else if (/^\..*\.(?:conf|local)$/.test(name)) found.push({ file, why: 'fail2ban skips hidden files.' })
      else if (!/\.(?:conf|local)$/.test(name))
        found.push({ file, why: 'fail2ban reads only files whose names end with .conf or .local.' })
    }
  }
  for (const { name } of await list(configDir))
    if (/\.(?:conf|local)$/i.test(name) && !known.test(name))
      found.push({
        file: join(configDir, name),
        why: 'In this folder, fail2ban reads only jail.local and fail2ban.local.',
      })
  return found.slice(0, MAX_FILES)
}

const list = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => [])
