import type { BanRefusal } from './ban.ts'

const unforceable: ReadonlySet<BanRefusal> = new Set(['invalid', 'whole_family', 'cancelled', 'unknown'])

/** Returns whether `force` bans an address that is refused for this reason. */
export const isForceable = (refusal: BanRefusal): boolean => !unforceable.has(refusal)
