import { parseAddress, type Address } from './address.ts'

/** How many entries the allow list of a host has at most. */
export const MAX_IGNORES = 2_000

/** The longest note on an entry of the allow list, in characters. */
export const MAX_IGNORE_NOTE = 200

/** What an entry of the allow list can be: an address or a network, or the name of a host (`address` null). */
export interface Ignorable {
  /** canonical */
  readonly text: string
  readonly address: Address | null
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const hostName = new RegExp(`^(?=.{1,253}$)(?:${label}\\.){0,126}${label}$`)

/**
 * Parses what an entry of the allow list can be. A host name has ASCII letters, as DNS has them, and its last part is no number:
 * `1.2.3.256` is a mistake. Returns undefined for anything else, such as a `file:`.
 */
export function parseIgnorable(text: string): Ignorable | undefined {
  const address = parseAddress(text)
  if (address) return { text: address.text, address }
  const name = text.toLowerCase().replace(/\.$/, '')
  const isName = hostName.test(name) && /[a-z]/.test(name.split('.').at(-1) ?? '')
  return isName ? { text: name, address: null } : undefined
}
