import type { UnconfirmedChange } from '@bangui/shared'
import { formatDuration } from './format.ts'

/** Returns how much time is left to confirm a change, as a text; the clocks of browser and server may differ. */
export function timeLeft({ appliedAt, confirmBy }: UnconfirmedChange, now: number): string {
  const seconds = Math.max(0, Math.ceil(Math.min(confirmBy - now, confirmBy - appliedAt) / 1000))
  return seconds > 120 ? formatDuration(seconds) : `${seconds} s`
}
