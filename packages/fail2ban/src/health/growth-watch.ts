import type { LogFileSeen, LogGrowth } from './seen/files-seen.ts'

type Growth = Omit<LogGrowth, 'path' | 'rotatedWrittenAt'>

/** Remembers how logs grow, from look to look. */
export interface GrowthWatch {
  note(file: LogFileSeen, now: number): Growth
}

const MAX_FILES = 5000

/** Creates the watch. */
export function createGrowthWatch(): GrowthWatch {
  const known = new Map<string, { growth: Growth; size: number; inode: string }>()
  return {
    note({ path, size, inode }, now) {
      const before = known.get(path)
      const growth = before
        ? grown(before.growth, now, size !== before.size || inode !== before.inode)
        : starting(now)
      if (before || known.size < MAX_FILES) known.set(path, { growth, size, inode })
      return growth
    },
  }
}

const starting = (now: number): Growth => ({ since: now, grownAt: null, times: 0, longestGap: 0 })

function grown(growth: Growth, now: number, isLarger: boolean): Growth {
  if (!isLarger) return growth
  const gap = now - (growth.grownAt ?? growth.since)
  return { ...growth, grownAt: now, times: growth.times + 1, longestGap: Math.max(growth.longestGap, gap) }
}
