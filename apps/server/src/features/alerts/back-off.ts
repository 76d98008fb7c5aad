import { DAY_MS, HOUR_MS, MINUTE_MS } from '@bangui/shared'

/** How long to wait after each failed attempt, in milliseconds; the last one for all later ones. */
const delays = [5_000, 15_000, 30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS]

/** The longest wait: how long a server may ask to be left alone. */
export const MAX_WAIT_MS = HOUR_MS

/** How long a message is tried. */
export const GIVE_UP_MS = 3 * DAY_MS

/** How often a message is tried at least: BanGUI may have been stopped, or the clock set forward. */
const MIN_ATTEMPTS = 20

/** Returns when a message is tried again; null: never. `attempts` includes the one that failed. */
export function nextAttempt(
  { attempts, createdAt }: { readonly attempts: number; readonly createdAt: number },
  { retryAfterMs = 0, permanent }: { readonly retryAfterMs?: number; readonly permanent?: boolean },
  now: number,
): number | null {
  const isOver = now - createdAt >= GIVE_UP_MS && attempts >= MIN_ATTEMPTS
  if (permanent === true || isOver) return null
  const delay = delays[Math.min(attempts, delays.length) - 1] ?? 0
  return now + Math.max(delay, Math.min(Math.max(0, retryAfterMs), MAX_WAIT_MS))
}
