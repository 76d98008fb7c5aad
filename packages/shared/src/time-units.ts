/** Lengths of time in milliseconds, the unit of moments. */
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** Lengths of time in seconds, the unit of fail2ban's durations. */
export const MINUTE_SECONDS = 60
export const HOUR_SECONDS = 60 * MINUTE_SECONDS
export const DAY_SECONDS = 24 * HOUR_SECONDS

/** How many days the history of states shows, today included. */
export const STATE_DAYS = 90
