import { addressKey, addressOfKey } from '@bangui/shared'

/** Addresses with their bans, as two texts: a million of them cost far less than a million small objects. */
export interface PackedAddresses {
  /** how many addresses are in it */
  readonly count: number
  /** base64 of the keys of the addresses (addressKey), one after the other; the first byte of each is its length */
  readonly keys: string
  /** base64 of the bans of each, 32 bits each, little-endian */
  readonly bans: string
  /** bans of texts that are no addresses, or that had no room */
  readonly others: number
}

interface Packer {
  add(address: string, bans: number): void
  pack(): PackedAddresses
}

/** The length of a key by its first byte; texts that are no addresses begin with another byte. */
const lengths: Readonly<Record<number, number>> = { 4: 6, 6: 18 }

const BYTES_PER_COUNT = 4

/** Packs at most `limit` addresses. */
export function createPacker(limit: number): Packer {
  let keys = Buffer.alloc(4096)
  let bans = Buffer.alloc(2048)
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
      if (end + key.length > keys.length) keys = doubled(keys)
      if ((count + 1) * BYTES_PER_COUNT > bans.length) bans = doubled(bans)
      keys.set(key, end)
      bans.writeUInt32LE(times, count * BYTES_PER_COUNT)
      count += 1
      end += key.length
    },
    pack: () => ({
      count,
      keys: keys.toString('base64', 0, end),
      bans: bans.toString('base64', 0, count * BYTES_PER_COUNT),
      others,
    }),
  }
}

const doubled = (buffer: Buffer) => Buffer.concat([buffer], buffer.length * 2)

/** Yields the addresses in canonical text, one by one. */
export function* unpackAddresses(
  packed: PackedAddresses,
): Generator<{ readonly address: string; readonly bans: number }> {
  const keys = Buffer.from(packed.keys, 'base64')
  const bans = Buffer.from(packed.bans, 'base64')
  let at = 0
  for (let index = 0; index < packed.count; index += 1) {
    const end = at + (lengths[keys[at] ?? 0] ?? keys.length)
    yield { address: addressOfKey(keys.subarray(at, end)), bans: bans.readUInt32LE(index * BYTES_PER_COUNT) }
    at = end
  }
}
