/** How much one reply may hold. Whoever answers at the socket must not make BanGUI spend more than a daemon would. */
export interface ReplyLimits {
  readonly maxBytes: number
  /** lists, tuples, dictionaries and objects; each costs some hundred bytes */
  readonly maxContainers: number
  /** values that wait for their place, and values that are kept to be referred to */
  readonly maxValues: number
}

/** The most bytes that a reply may have: 64 MiB, above a million bans with their times. */
export const maxReplyBytes = 64 * 1024 * 1024

/** Enough for `status`, for `stats` of ten thousand jails, and for the expressions of a filter. */
const shortLimits: ReplyLimits = {
  maxBytes: 8 * 1024 * 1024,
  maxContainers: 60_000,
  maxValues: 300_000,
}

/** Enough for a million bans. */
export const listLimits: ReplyLimits = {
  maxBytes: maxReplyBytes,
  maxContainers: 1_200_000,
  maxValues: 4_000_000,
}

/** The fewest bytes that a value of a long list takes on the wire. */
const bytesPerContainer = 8
const bytesPerValue = 3
const freeContainers = 100_000
const freeValues = 1_000_000

/** Returns the limits of a reply after `bytes` bytes of it: many values need many bytes. */
export const limitsAfter = (limits: ReplyLimits, bytes: number): ReplyLimits => ({
  ...limits,
  maxContainers: Math.min(limits.maxContainers, freeContainers + bytes / bytesPerContainer),
  maxValues: Math.min(limits.maxValues, freeValues + bytes / bytesPerValue),
})

/** Returns the limits of the reply to a command: only lists of bans and of ignored addresses are long. */
export const replyLimitsOf = (args: readonly string[]): ReplyLimits =>
  listsAddresses(args) ? listLimits : shortLimits

const listsAddresses = ([command, ...rest]: readonly string[]): boolean => {
  if (command === 'status') return rest.length > 0 && !['short', 'stats'].includes(rest[1] ?? '')
  if (command === 'banned') return true
  const verbs = ['banip', 'banned', 'ignoreip', 'addignoreip', 'delignoreip']
  return (command === 'get' || command === 'set') && verbs.includes(rest[1] ?? '')
}
