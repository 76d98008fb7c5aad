import { appendFile, stat, truncate } from 'node:fs/promises'
import type { Attempt } from './attack-script.ts'
import { logLine } from './demo-jails.ts'

export interface AttackLogOptions {
  /** the log that a jail reads */
  readonly pathOf: (attempt: Attempt) => string
  /** @default 1 MB; a log that has grown to it starts again */
  readonly maxBytes?: number
}

/** Writes attempts to logs as the attacked programs would, each log within its bound. */
export function createAttackLog({ pathOf, maxBytes = 1_000_000 }: AttackLogOptions) {
  let count = 0
  return async (attempt: Attempt): Promise<void> => {
    const path = pathOf(attempt)
    count = (count + 1) % 10_000
    await boundLog(path, maxBytes)
    await appendFile(path, `${logLine(attempt, new Date(), 1_000 + count)}\n`)
  }
}

/** Starts a log again that has reached its bound: fail2ban notices and reads on from its beginning. */
export async function boundLog(path: string, maxBytes: number): Promise<void> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  )
  if (size >= maxBytes) await truncate(path)
}
