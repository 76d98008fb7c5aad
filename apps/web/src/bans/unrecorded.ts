import type { Ban } from '@bangui/shared'

/** fail2ban records the cause of a ban some moments after it; a list with such a ban is fetched again at this interval. */
const REFETCH_INTERVAL_MS = 3_000

/** A ban that is older than this and has no record yet will not get one. */
const MAX_RECORD_DELAY_MS = 20_000

/** Returns when to fetch new bans again whose cause is not recorded yet, else false; for `refetchInterval`. */
export function untilRecorded(
  bans: readonly Pick<Ban, 'by' | 'attempts' | 'since'>[] | undefined,
  now: number,
): number | false {
  const waits = bans?.some(
    (ban) => ban.by.kind === 'fail2ban' && ban.attempts === null && now - ban.since < MAX_RECORD_DELAY_MS,
  )
  return waits ? REFETCH_INTERVAL_MS : false
}
