import type { Address } from './address.ts'
import { addressKey, keyRangeOf, maskKey, type KeyRange } from './address-key.ts'

/**
 * Returns the keys (addressKey) of the networks that contain an address or a network, the widest first, without itself
 * and without networks of length 0, which fail2ban does not ban.
 */
function holderKeysOf({ text, prefix }: Address): Uint8Array[] {
  const key = addressKey(text)
  return Array.from({ length: Math.max(0, prefix - 1) }, (_, index) => maskKey(key, index + 1))
}

/** Keys of everything in an address or network, itself included, and of the networks that contain it. */
export interface CoverRange extends KeyRange {
  readonly holders: readonly Uint8Array[]
}

/** Returns the keys to look up for bans that cover an address, or a part of a network. */
export const coverRangeOf = (address: Address): CoverRange => ({
  ...keyRangeOf(address),
  holders: holderKeysOf(address),
})

/** Returns the texts of what covers an address or network: itself, or a network that contains it, the widest first. */
export type Cover = (address: Address) => readonly string[]

/** Creates the {@link Cover} of many members. Its cost grows with the number of different prefix lengths, not of members. */
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
