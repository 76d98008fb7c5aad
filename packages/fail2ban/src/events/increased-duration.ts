import { MAX_DURATION_SECONDS, PERMANENT } from '@bangui/shared'

/** `2y 3w 4d`, `59m 50s`; a random part (`bantime.rndtime`) makes minutes and seconds floats: `1.0m 20.5s`. */
const groups =
  /^(?=\d)(?:(\d{1,30})y ?)?(?:(\d{1,2})w ?)?(?:(\d)d ?)?(?:(\d{1,2})h ?)?(?:(\d{1,2})(?:\.0)?m ?)?(?:(\d{1,2}(?:\.\d{1,20})?(?:e-\d{1,3})?)s)?$/
/** A year has 365 days here, unlike in a duration that fail2ban reads. */
const groupSeconds = [31_536_000, 604_800, 86_400, 3600, 60, 1]

/** `0:05:00`, `2 days, 1:00:00` */
const timedelta = /^(?:(\d{1,10}) days?, )?(\d{1,2}):([0-5]\d):([0-5]\d(?:\.\d{1,6})?)$/
const timedeltaSeconds = [86_400, 3600, 60, 1]

/**
 * Returns the duration that a line `Increase Ban` names, in whole seconds up to {@link MAX_DURATION_SECONDS}; -1 for a permanent
 * ban, undefined for another text. fail2ban 1.0 and later write it with `MyTime.seconds2str`, which drops up to a minute
 * from an hour on, half an hour from a week on and half a day from a year on. 0.11 writes a `timedelta` of Python.
 */
export function readIncreasedDuration(text: string): number | undefined {
  if (text === 'permanent') return PERMANENT
  if (text === '0') return 0
  return sum(groups.exec(text), groupSeconds) ?? sum(timedelta.exec(text), timedeltaSeconds)
}

function sum(match: RegExpExecArray | null, sizes: readonly number[]): number | undefined {
  if (!match) return undefined
  const seconds = sizes.reduce((total, size, index) => total + Number(match[index + 1] ?? 0) * size, 0)
  // a ban never has no duration: what rounds to none is a fraction of a second
  return Math.min(MAX_DURATION_SECONDS, Math.max(1, Math.round(seconds)))
}
