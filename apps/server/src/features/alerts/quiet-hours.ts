import type { QuietHours } from '@bangui/shared'
import { localTimeOf, minutesOf, nextTimeOfDay } from '../../lib/zone-time.ts'

/** Returns when the current quiet hours end; null: it is not quiet now. */
export function quietUntil(quiet: QuietHours | null, now: number): number | null {
  if (!quiet) return null
  const { minutes } = localTimeOf(now, quiet.zone)
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  const isQuiet = from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
  return isQuiet ? nextTimeOfDay(now, quiet.to, quiet.zone) : null
}
