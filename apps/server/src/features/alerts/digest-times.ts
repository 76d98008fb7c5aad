import type { DigestSchedule } from '@bangui/shared'
import { nextFullHour, nextTimeOfDay } from '../../lib/zone-time.ts'

const nextDigest = ({ every, at, zone }: DigestSchedule, after: number): number =>
  every === 'hourly' ? nextFullHour(after, zone) : nextTimeOfDay(after, at, zone)

/** Times of a digest that are looked at in one go: more than a year of hours. */
const MAX_MISSED = 10_000

/**
 * Returns whether the end of what a digest covered is from before the clock was set back: it is later than the next time of the
 * schedule, so that no digest would come until then.
 */
export const isAhead = (schedule: DigestSchedule, until: number, now: number): boolean =>
  until > nextDigest(schedule, now)

/**
 * Returns the end of what a digest that is due now covers; null: none is due. `until`: the end of what the last one covered. Of several that
 * were missed only the last is sent, and covers the time of all.
 */
export function dueDigest(schedule: DigestSchedule, until: number, now: number): number | null {
  let due: number | null = null
  let next = nextDigest(schedule, until)
  for (let missed = 0; next <= now && missed < MAX_MISSED; missed++) {
    due = next
    next = nextDigest(schedule, next)
  }
  return due
}
