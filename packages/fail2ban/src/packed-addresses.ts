import { addressKey, addressOfKey } from '@bangui/shared'

/** Addresses with their bans in two pieces of memory, which go from thread to thread without being copied. */
export interface PackedAddresses {
  /** the keys of addresses (addressKey), one after the other; the first byte of each is its length */
  readonly keys: Uint8Array<ArrayBuffer>
  /** bans of each */
  readonly bans: Uint32Array<ArrayBuffer>
  /** bans of texts that are no addresses, or that had no room */
  readonly others: number
}

interface Packer {
  add(address: string, bans: number): void
  pack(): PackedAddresses
}

/** The length of a key by its first byte; texts that are no addresses begin with another byte. */
const lengths: Readonly<Record<number, number>> = { 4: 6, 6: 18 }

/** Packs at most `limit` addresses. */
export function createPacker(limit: number): Packer {
  let keys = new Uint8Array(4096)
  let bans = new Uint32Array(512)
  let end = 0
  let count = 0
  let others = 0
  return {
    add(address, times) {
      const key = addressKey(address)
      if (lengths[key[0] ?? 0] !== key.length || count === limit) {
        others += times
        return
      }
      if (end + key.length > keys.length) keys = grown(keys, new Uint8Array(keys.length * 2))
      if (count === bans.length) bans = grown(bans, new Uint32Array(bans.length * 2))
      keys.set(key, end)
      bans[count++] = times
      end += key.length
    },
    pack: () => ({ keys: keys.slice(0, end), bans: bans.slice(0, count), others }),
  }
}

function grown<TArray extends { set(other: TArray): void }>(array: TArray, larger: TArray): TArray {
  larger.set(array)
  return larger
}

/** The addresses in canonical text, one by one. */
export function* unpackAddresses({
  keys,
  bans,
}: PackedAddresses): Generator<{ readonly address: string; readonly bans: number }> {
  let at = 0
  for (const times of bans) {
    const end = at + (lengths[keys[at] ?? 0] ?? keys.length)
    yield { address: addressOfKey(keys.subarray(at, end)), bans: times }
    at = end
  }
}
