import { HOUR_MS, MINUTE_MS, type QuietHours } from '@bangui/shared'
import { MAX_WAIT_MS } from './back-off.ts'
import { quietUntil } from './quiet-hours.ts'

/** More messages than these that are due at once go out as one. */
const MAX_SEPARATE = 3

/** Messages of a channel within a minute; what follows within that minute goes out as one. */
const MAX_PER_MINUTE = 10

/** A message that waits, as far as the order matters. */
export interface Waiting {
  readonly id: number
  readonly critical: boolean
  readonly nextAt: number
  /** it was tried before, and is sent again as it was */
  readonly isRetry: boolean
  /** it can go out with others */
  readonly canMerge: boolean
}

export interface SendingRules {
  readonly maxPerHour: number
  readonly quiet: QuietHours | null
  /** when messages were sent within the last hour, the oldest first */
  readonly sentAt: readonly number[]
}

/** The ids of the messages to send now as one, or when to look again; null: at a new message. */
export type Pick = { readonly send: readonly [number, ...number[]] } | { readonly waitUntil: number | null }

/**
 * Returns what a channel sends next. A message that failed comes first, alone, and the others wait for it, since they would fail as
 * well; above the limit of an hour or a minute, and where many are due at once, all go out as one.
 */
export function pickDelivery(waiting: readonly Waiting[], rules: SendingRules, now: number): Pick {
  const quiet = quietUntil(rules.quiet, now)
  const passes = ({ critical }: Waiting) => quiet === null || (critical && rules.quiet?.passCritical === true)
  const allowed = waiting.filter(passes)
  if (allowed.length === 0) return { waitUntil: waiting.length === 0 ? null : quiet }
  const retry = allowed.find(({ isRetry }) => isRetry)
  if (retry) return isDue(retry, now) ? { send: [retry.id] } : { waitUntil: retry.nextAt }
  const free = freeAt(rules, now)
  if (free > now) return { waitUntil: free }
  const lastHour = within(rules.sentAt, HOUR_MS, now).length
  const mergeable = allowed.filter(({ canMerge }) => canMerge)
  const [first, ...rest] = mergeable
  const isMany = mergeable.length > MAX_SEPARATE || mergeable.length > rules.maxPerHour - lastHour
  if (first && isMany) return { send: [first.id, ...rest.map(({ id }) => id)] }
  const next = allowed[0]
  return next ? { send: [next.id] } : { waitUntil: null }
}

/** A time that is further away than any wait was set before a clock stepped back. */
const isDue = ({ nextAt }: Waiting, now: number): boolean => nextAt <= now || nextAt > now + MAX_WAIT_MS

/** Returns when a channel may send again. */
function freeAt({ maxPerHour, sentAt }: SendingRules, now: number): number {
  return Math.max(
    freeIn({ sentAt, most: maxPerHour, spanMs: HOUR_MS }, now),
    freeIn({ sentAt, most: MAX_PER_MINUTE, spanMs: MINUTE_MS }, now),
  )
}

function freeIn(
  { sentAt, most, spanMs }: { sentAt: readonly number[]; most: number; spanMs: number },
  now: number,
): number {
  return (within(sentAt, spanMs, now).at(-most) ?? now - spanMs) + spanMs
}

/** Returns the times of a span that ends now. A later one is from before the clock was set back. */
const within = (sentAt: readonly number[], spanMs: number, now: number): number[] =>
  sentAt.filter((at) => at > now - spanMs && at <= now)
