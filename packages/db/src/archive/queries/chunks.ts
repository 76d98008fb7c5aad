import { Buffer } from 'node:buffer'
import { networkKeyOf, type Bounds } from '@bangui/shared'
import type { Reading } from './reading.ts'
import { andOrigin, timeIndexOf } from './scope.ts'

/** A part of a long scan, from (inclusive) to (exclusive), with the progress once it is done. */
export interface Chunk<TKey> {
  readonly from: TKey
  readonly to: TKey
  readonly done: number
  readonly total: number
}

/** Their bans take some tens of milliseconds to read. */
const ADDRESSES_PER_CHUNK = 20_000
const BANS_PER_CHUNK = 50_000
const MAX_ADDRESS_SPACE_CHUNKS = 16

/** Splits all address keys into chunks for `count` bans: equal shares of the IPv4 space, the last one also with IPv6. */
export function* chunksOfAddressSpace(count: number): Generator<Chunk<Uint8Array>> {
  const total = Math.max(1, Math.min(MAX_ADDRESS_SPACE_CHUNKS, Math.ceil(count / BANS_PER_CHUNK)))
  let from: Uint8Array = new Uint8Array()
  for (let done = 1; done <= total; done++) {
    const to = done === total ? Uint8Array.of(0xff) : Uint8Array.of(4, Math.floor((done * 256) / total))
    yield { from, to, done, total }
    from = to
  }
}

/** Splits all address keys into chunks of about as many addresses; no chunk ends inside a network. */
export function* chunksByAddress(reading: Reading): Generator<Chunk<Uint8Array>> {
  const end = Uint8Array.of(0xff)
  let from: Uint8Array = new Uint8Array()
  let after = from
  for (;;) {
    const next = reading.get<{ address: Uint8Array }>(
      'select address from addresses where address > ? order by address limit 1 offset ?',
      after,
      ADDRESSES_PER_CHUNK,
    )
    if (!next) break
    after = next.address
    const to = networkKeyOf(after)
    if (Buffer.compare(to, from) > 0) {
      yield { from, to, done: progressAt(to), total: 256 }
      from = to
    }
  }
  yield { from, to: end, done: 256, total: 256 }
}

/** Returns the progress at a key, of 256: most addresses are IPv4, spread over their first byte. */
const progressAt = (key: Uint8Array) => (key[0] === 4 ? (key[1] ?? 0) : key[0] === 6 ? 255 : 0)

/** Splits a span into chunks of about as many bans of the reading's origin. */
export function* chunksByTime(reading: Reading, { from, to }: Bounds): Generator<Chunk<number>> {
  let start = from
  while (start < to) {
    const next = reading.get<{ at: number }>(
      `select b.at from bans b indexed by ${timeIndexOf(reading)}
       where b.at >= ? and b.at < ? ${andOrigin(reading)} order by b.at limit 1 offset ?`,
      start,
      to,
      BANS_PER_CHUNK,
    )
    const end = next ? Math.max(next.at, start + 1) : to
    yield { from: start, to: end, done: end - from, total: to - from }
    start = end
  }
}
