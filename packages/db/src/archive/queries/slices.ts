import { Buffer } from 'node:buffer'
import { networkKeyOf, type Bounds } from '@bangui/shared'
import type { Reading } from './reading.ts'

/** From (inclusive) to (exclusive), and how far that is. */
export interface Slice<TKey> {
  readonly from: TKey
  readonly to: TKey
  readonly done: number
  readonly total: number
}

/** Addresses a slice: some tens of milliseconds of bans. */
const ADDRESSES = 20_000
const BANS = 50_000
const MOST_PARTS = 16

/** All keys in parts for `count` bans: each part of the IPv4 addresses is as wide, the last has IPv6 as well. */
export function* splitAddresses(count: number): Generator<Slice<Uint8Array>> {
  const parts = Math.max(1, Math.min(MOST_PARTS, Math.ceil(count / BANS)))
  let from: Uint8Array = new Uint8Array()
  for (let part = 1; part <= parts; part++) {
    const to = part === parts ? Uint8Array.of(0xff) : Uint8Array.of(4, Math.floor((part * 256) / parts))
    yield { from, to, done: part, total: parts }
    from = to
  }
}

/** All keys in slices that cut no network in two. */
export function* sliceByAddress(reading: Reading): Generator<Slice<Uint8Array>> {
  const end = Uint8Array.of(0xff)
  let from: Uint8Array = new Uint8Array()
  let after = from
  for (;;) {
    const next = reading.get<{ address: Uint8Array }>(
      'select address from addresses where address > ? order by address limit 1 offset ?',
      after,
      ADDRESSES,
    )
    if (!next) break
    after = next.address
    const to = networkKeyOf(after)
    if (Buffer.compare(to, from) > 0) {
      yield { from, to, done: placeOf(to), total: 256 }
      from = to
    }
  }
  yield { from, to: end, done: 256, total: 256 }
}

/** How far a key is, of 256: most addresses are IPv4, spread over their first byte. */
const placeOf = (key: Uint8Array) => (key[0] === 4 ? (key[1] ?? 0) : key[0] === 6 ? 255 : 0)

/** The bans of a span in slices of about as many bans each. */
export function* sliceByTime(reading: Reading, { from, to }: Bounds): Generator<Slice<number>> {
  let start = from
  while (start < to) {
    const next = reading.get<{ at: number }>(
      `select b.at from bans b indexed by bans_at where b.at >= ? and b.at < ? order by b.at limit 1 offset ?`,
      start,
      to,
      BANS,
    )
    const end = next ? Math.max(next.at, start + 1) : to
    yield { from: start, to: end, done: end - from, total: to - from }
    start = end
  }
}
