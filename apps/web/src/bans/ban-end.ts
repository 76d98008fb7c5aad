import type { Ban } from '@bangui/shared'

/** Returns when the address is free again: the ban in jail `bangui` that makes it last longer counts as well. Null: never. */
export const endOf = ({ until, extension }: Pick<Ban, 'until' | 'extension'>): number | null => {
  if (!extension || until === null) return until
  return extension.until === null ? null : Math.max(until, extension.until)
}

/** Returns the end of a ban and its length in seconds, with the ban in jail `bangui` that makes it last longer. */
export function lastingOf(ban: Pick<Ban, 'since' | 'until' | 'duration' | 'extension'>): {
  until: number | null
  duration: number
} {
  const until = endOf(ban)
  if (until === ban.until) return { until, duration: ban.duration }
  return { until, duration: until === null ? -1 : Math.round((until - ban.since) / 1000) }
}
