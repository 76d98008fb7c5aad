import type { ConfigPreview } from '@bangui/shared'
import { formatSpan, plural } from './format.ts'

/** What a restart takes, in seconds, without its bans: of fail2ban, and of one jail. */
const RESTART = { daemon: 5, jail: 1 } as const

/** About how long fail2ban needs for a ban, in seconds: it runs a program for each, which takes some milliseconds. */
const PER_BAN = 0.01

/** Returns how many bans a change lifts for a moment, and for about how long, as a sentence; undefined: none. */
export function describeLifted({
  load,
  bansInterrupted,
}: Pick<ConfigPreview, 'load' | 'bansInterrupted'>): string | undefined {
  if (bansInterrupted === 0) return undefined
  const seconds =
    (load.restart ? RESTART.daemon : RESTART.jail * load.restartJails.length) + bansInterrupted * PER_BAN
  return `${plural(bansInterrupted, 'ban')} will be lifted for about ${formatSpan(roundUp(seconds))}.`
}

/** An estimate has no exact seconds. */
const roundUp = (seconds: number): number => {
  const step = seconds <= 10 ? 1 : seconds <= 60 ? 10 : 60
  return Math.ceil(seconds / step) * step
}
