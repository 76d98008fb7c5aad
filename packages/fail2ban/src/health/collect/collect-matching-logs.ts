import { glob } from 'node:fs/promises'
import type { MatchingLog } from '../seen/files-seen.ts'
import { isPattern, look } from './collect-log-files.ts'
import { daemonRoot } from './collect-own-log.ts'
import type { Collector } from './collector.ts'

const MAX_FILES = 2000

/** Sees the files that the log paths of jails stand for now. fail2ban looks only when it loads a jail. */
export const collectMatchingLogs: Collector<'matchingLogs'> = async (collecting) => {
  const { jails } = await collecting.get('config')
  const root = await daemonRoot(collecting)
  const patterns = jails.flatMap(({ name, logPatterns }) =>
    logPatterns.filter(isPattern).map((pattern) => [name, pattern] as const),
  )
  const found: MatchingLog[] = []
  for (const [jail, pattern] of patterns)
    for await (const path of glob(`${root}${pattern}`)) {
      if (found.length >= MAX_FILES) return found
      found.push({ jail, file: await look(root, path.slice(root.length)) })
    }
  return found
}
