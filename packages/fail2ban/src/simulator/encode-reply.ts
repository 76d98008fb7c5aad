import type { PythonCall, PythonValue } from './python-value.ts'

const frameBytes = 64 * 1024
const batch = 1000

/** The pickle of a value as Python 3.8 and later write it: protocol 5, framed, everything memoized. */
export const encodeReply = (value: PythonValue): Uint8Array => {
  const writer = createWriter()
  const classes = new Map<string, number>()
  const write = (item: PythonValue): void => {
    if (item === null) return writer.op(0x4e)
    if (typeof item === 'boolean') return writer.op(item ? 0x88 : 0x89)
    if (typeof item === 'number') return writer.number(item)
    if (typeof item === 'string') return writer.text(item)
    if (item instanceof Map) return writeMap(item)
    if ('tuple' in item) return writeTuple(item.tuple)
    if ('module' in item) return writeCall(item)
    writeList(item as readonly PythonValue[])
  }
  const writeList = (items: readonly PythonValue[]) => {
    writer.memoized(0x5d)
    for (let from = 0; from < items.length; from += batch)
      writeBatch(items.slice(from, from + batch), [0x61, 0x65])
  }
  const writeBatch = (
    items: readonly PythonValue[],
    [single, many]: readonly [number, number],
    width = 1,
  ) => {
    if (items.length > width) writer.op(0x28)
    for (const item of items) write(item)
    writer.op(items.length > width ? many : single)
  }
  const writeMap = (entries: ReadonlyMap<string, PythonValue>) => {
    writer.memoized(0x7d)
    const flat = [...entries].flat()
    for (let from = 0; from < flat.length; from += 2 * batch)
      writeBatch(flat.slice(from, from + 2 * batch), [0x73, 0x75], 2)
  }
  const writeTuple = (items: readonly PythonValue[]) => {
    if (items.length === 0) return writer.op(0x29)
    if (items.length > 3) writer.op(0x28)
    for (const item of items) write(item)
    writer.memoized(items.length > 3 ? 0x74 : 0x84 + items.length)
  }
  const writeCall = ({ module, name, args }: PythonCall) => {
    const known = classes.get(`${module}.${name}`)
    if (known === undefined) {
      writer.text(module)
      writer.text(name)
      classes.set(`${module}.${name}`, writer.memoized(0x93))
    } else writer.get(known)
    writeTuple(args)
    writer.memoized(0x52)
  }
  write(value)
  return writer.end()
}

/** Collects opcodes in frames. */
const createWriter = () => {
  const parts: Uint8Array[] = [Buffer.from([0x80, 5])]
  let frame = Buffer.allocUnsafe(2 * frameBytes)
  let used = 0
  let memoSize = 0

  const closeFrame = () => {
    if (used === 0) return
    const head = Buffer.alloc(9, 0)
    head.writeUInt8(0x95)
    head.writeUInt32LE(used, 1)
    // Python frames nothing below four bytes
    if (used >= 4) parts.push(head)
    parts.push(Buffer.from(frame.subarray(0, used)))
    used = 0
  }
  const reserve = (bytes: number) => {
    if (used >= frameBytes) closeFrame()
    if (used + bytes > frame.length)
      frame = Buffer.concat([frame.subarray(0, used)], used + bytes + frameBytes)
  }
  const op = (opcode: number) => {
    reserve(1)
    frame[used++] = opcode
  }
  const memoized = (opcode: number): number => {
    op(opcode)
    frame[used++] = 0x94
    return memoSize++
  }

  return {
    op,
    memoized,
    get(index: number) {
      reserve(5)
      frame[used] = index < 256 ? 0x68 : 0x6a
      used = index < 256 ? frame.writeUInt8(index, used + 1) : frame.writeUInt32LE(index, used + 1)
    },
    number(value: number) {
      reserve(9)
      if (!Number.isInteger(value) || Math.abs(value) > 0x7fffffff) {
        frame[used] = 0x47
        used = frame.writeDoubleBE(value, used + 1)
      } else if (value >= 0 && value < 256) {
        frame[used] = 0x4b
        used = frame.writeUInt8(value, used + 1)
      } else if (value >= 0 && value < 65_536) {
        frame[used] = 0x4d
        used = frame.writeUInt16LE(value, used + 1)
      } else {
        frame[used] = 0x4a
        used = frame.writeInt32LE(value, used + 1)
      }
    },
    text(value: string) {
      const length = Buffer.byteLength(value)
      reserve(length + 6)
      frame[used] = length < 256 ? 0x8c : 0x58
      used = length < 256 ? frame.writeUInt8(length, used + 1) : frame.writeUInt32LE(length, used + 1)
      used += frame.write(value, used)
      frame[used++] = 0x94
      memoSize++
    },
    end(): Uint8Array {
      op(0x2e)
      closeFrame()
      return Buffer.concat(parts)
    },
  }
}
