import type { Ban } from '@bangui/shared'

/** fail2ban records what caused a ban some moments after it; a list with such a ban is asked for again after this, in milliseconds. */
const AGAIN = 3_000

/** A ban this old that has no record yet will not get one, in milliseconds. */
const WAITED = 20_000

/** When bans that were just made are to be asked for again, because what caused them is not known yet; for `refetchInterval`. */
export function untilRecorded(
  bans: readonly Pick<Ban, 'by' | 'attempts' | 'since'>[] | undefined,
  now: number,
): number | false {
  const waits = bans?.some(
    (ban) => ban.by.kind === 'fail2ban' && ban.attempts === null && now - ban.since < WAITED,
  )
  return waits ? AGAIN : false
}
