import type { BanRefusal } from './ban.ts'

const unforceable: ReadonlySet<BanRefusal> = new Set(['invalid', 'whole_family', 'cancelled', 'unknown'])

/** Whether an address that is refused for this reason is banned with `force`. */
export const isForceable = (refusal: BanRefusal): boolean => !unforceable.has(refusal)
