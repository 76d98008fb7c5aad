import { PickleError } from './pickle-error.ts'

const maxLongBytes = 1024
const maxLineBytes = 255

/** The text between two offsets: UTF-8, with the shortcut that ASCII allows. */
export const readText = (bytes: Buffer, from: number, to: number): string => {
  for (let at = from; at < to; at++) {
    if ((bytes[at] as number) > 0x7f) return bytes.toString('utf8', from, to)
  }
  return bytes.toString('latin1', from, to)
}

/** A line up to its line feed and where the next begins; null where the line feed has not come yet. */
export const readLine = (bytes: Buffer, from: number): { text: string; next: number } | null => {
  const end = bytes.indexOf(0x0a, from)
  if ((end === -1 ? bytes.length : end) - from > maxLineBytes)
    throw new PickleError('A name in the pickle is too long.')
  return end === -1 ? null : { text: bytes.toString('utf8', from, end), next: end + 1 }
}

/** A signed little-endian number of at most six bytes. */
export const readLong = (bytes: Buffer, from: number, to: number): number =>
  to === from ? 0 : bytes.readIntLE(from, to - from)

/** A signed little-endian number of any length: a bigint where a number would not be exact. */
export const readBigint = (bytes: Buffer, from: number, to: number): number | bigint => {
  if (to - from > maxLongBytes) throw new PickleError('A number in the pickle is too long.')
  const digits = Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  const value = BigInt.asIntN((to - from) * 8, BigInt(`0x${digits}`))
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
