import type { Origin } from './banned-by.ts'

/** Returns the id of the blocklist of an origin; undefined: it is of all of them, or of none. */
export function listOfOrigin(origin: Origin): number | undefined {
  const [, list] = origin.split(':')
  return list === undefined ? undefined : Number(list)
}
