/** What can be written: plain data, lists and dictionaries. */
export type Plain = null | boolean | number | bigint | string | Plain[] | { [key: string]: Plain }

const bytes = (size: number, fill: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(size)
  fill(buffer)
  return buffer
}
const u32 = (value: number) => bytes(4, (buffer) => buffer.writeUInt32LE(value))
const op = (...codes: number[]) => Buffer.from(codes)

/** An independent, plain pickle writer, as Python writes protocols 2 and 4, to test the decoder with. */
export const writePickle = (value: Plain, protocol: 2 | 4): Buffer => {
  let memoized = 0
  const memo = () => {
    const index = memoized++
    if (protocol === 4) return op(0x94)
    return index < 256 ? op(0x71, index) : Buffer.concat([op(0x72), u32(index)])
  }
  const known = new Map<string, number>()
  const text = (item: string): Buffer => {
    const before = known.get(item)
    if (before !== undefined) return before < 256 ? op(0x68, before) : Buffer.concat([op(0x6a), u32(before)])
    known.set(item, memoized)
    const data = Buffer.from(item)
    const head =
      protocol === 4 && data.length < 256
        ? op(0x8c, data.length)
        : Buffer.concat([op(0x58), u32(data.length)])
    return Buffer.concat([head, data, memo()])
  }
  const items = (parts: Buffer[], [single, many]: readonly [number, number], width: 1 | 2) => {
    if (parts.length === 0) return op()
    return parts.length === width
      ? Buffer.concat([...parts, op(single)])
      : Buffer.concat([op(0x28), ...parts, op(many)])
  }
  const write = (item: Plain): Buffer => {
    if (item === null) return op(0x4e)
    if (typeof item === 'boolean') return op(item ? 0x88 : 0x89)
    if (typeof item === 'string') return text(item)
    if (typeof item === 'bigint') return writeLong(item)
    if (typeof item === 'number') return writeNumber(item)
    if (Array.isArray(item)) return Buffer.concat([op(0x5d), memo(), items(item.map(write), [0x61, 0x65], 1)])
    const head = Buffer.concat([op(0x7d), memo()])
    const pairs = Object.entries(item).flatMap(([key, entry]) => [text(key), write(entry)])
    return Buffer.concat([head, items(pairs, [0x73, 0x75], 2)])
  }
  const body = Buffer.concat([write(value), op(0x2e)])
  if (protocol === 2) return Buffer.concat([op(0x80, 2), body])
  const frame = bytes(9, (buffer) => {
    buffer.writeUInt8(0x95)
    buffer.writeBigUInt64LE(BigInt(body.length), 1)
  })
  return Buffer.concat([op(0x80, 4), frame, body])
}

const writeNumber = (value: number): Buffer => {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    return bytes(9, (buffer) => {
      buffer.writeUInt8(0x47)
      buffer.writeDoubleBE(value, 1)
    })
  }
  if (value >= 0 && value < 256) return op(0x4b, value)
  if (value >= 0 && value < 65_536) return op(0x4d, value & 255, value >> 8)
  if (Math.abs(value) > 0x7fffffff) return writeLong(BigInt(value))
  return bytes(5, (buffer) => {
    buffer.writeUInt8(0x4a)
    buffer.writeInt32LE(value, 1)
  })
}

const writeLong = (value: bigint): Buffer => {
  let size = 0
  while (BigInt.asIntN(size * 8, value) !== value) size++
  const digits: number[] = []
  for (let n = 0; n < size; n++) digits.push(Number(BigInt.asUintN(8, value >> BigInt(8 * n))))
  return Buffer.concat([op(0x8a, size), Buffer.from(digits)])
}
