import { textOfIpv4 } from './ipv4-entry.ts'

/** The different entries of a list, sorted. */
export interface ListEntries {
  /** as numbers of ipv4-entry.ts */
  readonly ipv4: Float64Array
  /** canonical texts of addresses and networks */
  readonly ipv6: readonly string[]
}

export const EMPTY_ENTRIES: ListEntries = { ipv4: new Float64Array(0), ipv6: [] }

/** Returns how many entries there are. */
export const countEntries = ({ ipv4, ipv6 }: ListEntries): number => ipv4.length + ipv6.length

/** Yields the canonical texts of entries. */
export function* textsOf({ ipv4, ipv6 }: ListEntries): Generator<string> {
  for (const entry of ipv4) yield textOfIpv4(entry)
  yield* ipv6
}

// browsers and Node have both; this package has the types of neither
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8')

/** The bytes of an IPv4 entry: address and prefix length. */
const IPV4_BYTES = 5
const HEADER_BYTES = 4

/** Returns entries as bytes: equal entries have equal bytes. */
export function encodeEntries({ ipv4, ipv6 }: ListEntries): Uint8Array {
  const text = encoder.encode(ipv6.join('\n'))
  const bytes = new Uint8Array(HEADER_BYTES + ipv4.length * IPV4_BYTES + text.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, ipv4.length)
  let at = HEADER_BYTES
  for (const entry of ipv4) {
    view.setUint32(at, Math.floor(entry / 64))
    bytes[at + 4] = entry % 64
    at += IPV4_BYTES
  }
  bytes.set(text, at)
  return bytes
}

/** Returns the entries of {@link encodeEntries}; undefined: these bytes are damaged. */
export function decodeEntries(bytes: Uint8Array): ListEntries | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0)
  const end = HEADER_BYTES + count * IPV4_BYTES
  if (end > bytes.length) return undefined
  const ipv4 = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + index * IPV4_BYTES
    ipv4[index] = view.getUint32(at) * 64 + (bytes[at + 4] ?? 0)
  }
  const text = decoder.decode(bytes.subarray(end))
  return { ipv4, ipv6: text === '' ? [] : text.split('\n') }
}
