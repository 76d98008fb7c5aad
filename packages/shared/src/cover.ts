import type { Address } from './address.ts'
import { addressKey, keyRangeOf, maskKey, type KeyRange } from './address-key.ts'

/**
 * The keys (addressKey) of the networks that hold an address or a network, the widest first. Itself is not among them,
 * nor is a network of length 0, which fail2ban does not ban.
 */
function holderKeysOf({ text, prefix }: Address): Uint8Array[] {
  const key = addressKey(text)
  return Array.from({ length: Math.max(0, prefix - 1) }, (_, index) => maskKey(key, index + 1))
}

/** Keys of all that an address or network holds, itself included, and of the networks that hold it. */
export interface CoverRange extends KeyRange {
  readonly holders: readonly Uint8Array[]
}

/** What is to be looked at to know all that covers an address, or some of a network. */
export const coverRangeOf = (address: Address): CoverRange => ({
  ...keyRangeOf(address),
  holders: holderKeysOf(address),
})

/** Returns the texts of what covers an address or network: itself, or a network that holds it, the widest first. */
export type Cover = (address: Address) => readonly string[]

/** Makes the {@link Cover} of many members. Its cost grows with the different lengths of their prefixes, not their number. */
export function createCover(members: readonly Address[]): Cover {
  const texts = new Map(members.map(({ text }) => [nameOf(addressKey(text)), text]))
  const prefixesOf = (family: 4 | 6) =>
    [...new Set(members.filter((member) => member.family === family).map(({ prefix }) => prefix))].toSorted(
      (one, other) => one - other,
    )
  const prefixes = { 4: prefixesOf(4), 6: prefixesOf(6) }
  return ({ text, family, prefix }) => {
    const key = addressKey(text)
    return prefixes[family].flatMap((length) =>
      length > prefix ? [] : (texts.get(nameOf(maskKey(key, length))) ?? []),
    )
  }
}

const nameOf = (key: Uint8Array) => String.fromCharCode(...key)
