import { PickleError } from './pickle-error.ts'
import { PickleMachine, pendingTuple } from './pickle-machine.ts'
import { readBigint, readLine, readLong, readText } from './pickle-values.ts'
import { limitsAfter, type ReplyLimits } from './reply-limits.ts'

/** Reads the opcodes of one pickle as its bytes arrive. */
export interface PickleScanner {
  /**
   * Reads opcodes from `from` on, and gives the offset of the first one that was not read. When `done` is false then,
   * the rest has to be given again with at least `needed` bytes.
   */
  scan(bytes: Buffer, from: number): number
  readonly done: boolean
  readonly needed: number
  /** the decoded value, once done */
  value(): unknown
}

/** The limits of a pickle are checked every so many bytes. */
const stepBytes = 64 * 1024

/** Creates the reader of one pickle within these limits; `maxBytes` bounds a single text or number in it. */
export const createPickleScanner = (limits: ReplyLimits): PickleScanner => new Scanner(limits)

class Scanner implements PickleScanner {
  done = false
  needed = 1
  readonly #machine = new PickleMachine()
  readonly #limits: ReplyLimits
  readonly #maxBytes: number
  /** bytes that were read */
  #read = 0
  /** the bytes of the current step as text, once it is needed */
  #ascii = ''
  #asciiFrom = 0

  constructor(limits: ReplyLimits) {
    this.#limits = limits
    this.#maxBytes = limits.maxBytes
  }

  value(): unknown {
    if (!this.done) throw new PickleError('The pickle is cut off.')
    return this.#machine.result()
  }

  scan(bytes: Buffer, from: number): number {
    let at = from
    this.needed = 1
    while (!this.done) {
      const stop = Math.min(bytes.length, at + stepBytes)
      const reached = this.#scanStep(bytes, at, stop)
      this.#read += reached - at
      this.#machine.assertBounded(limitsAfter(this.#limits, this.#read))
      if (this.done) return reached
      at = reached
      if (reached < stop || reached >= bytes.length) break
    }
    return at
  }

  /** The opcodes that fill long lists are handled here, most frequent first; all others in `#scanRare`. */
  #scanStep(bytes: Buffer, from: number, stop: number): number {
    this.#ascii = ''
    this.#asciiFrom = from
    const machine = this.#machine
    const { stack, memo } = machine
    const end = bytes.length
    let at = from
    while (at < stop) {
      const opcode = bytes[at] as number
      if (opcode === 0x94) {
        // MEMOIZE
        memo.push(machine.top())
        at++
      } else if (opcode === 0x8c) {
        // SHORT_BINUNICODE
        if (at + 2 > end) return this.#wait(at, 2)
        const next = at + 2 + (bytes[at + 1] as number)
        if (next > end) return this.#wait(at, next - at)
        stack.push(readText(bytes, at + 2, next))
        at = next
      } else if (opcode === 0x68) {
        // BINGET
        if (at + 2 > end) return this.#wait(at, 2)
        machine.get(bytes[at + 1] as number)
        at += 2
        if (machine.textGlobal !== null && stack[stack.length - 1] === machine.textGlobal) {
          at = this.#scanAddresses(bytes, at, stop)
        }
      } else {
        const next = this.#scanRare(bytes, at)
        if (next === at || this.done) return next
        at = next
      }
    }
    return at
  }

  /**
   * Reads a run of banned addresses, `str(text)` one after the other, each written as BINGET, SHORT_BINUNICODE, MEMOIZE,
   * TUPLE1, MEMOIZE, REDUCE, MEMOIZE; the first BINGET was read. Anything else is left to the general way.
   */
  #scanAddresses(bytes: Buffer, from: number, stop: number): number {
    const { stack, memo } = this.#machine
    const end = stop - 8
    // the text of the whole step, made once: a part of it costs less than a text of its own, but keeps the step's alive
    if (this.#ascii === '') this.#ascii = bytes.toString('latin1', this.#asciiFrom, stop)
    const ascii = this.#ascii
    const offset = this.#asciiFrom
    const binget = bytes[from - 2] === 0x68 ? (bytes[from - 1] as number) : -1
    let at = from
    stack.pop()
    for (;;) {
      const next = at + 2 + (bytes[at + 1] as number)
      if (bytes[at] !== 0x8c || next > end || !isAddressCall(bytes, next) || !isAscii(bytes, at + 2, next))
        break
      const text = ascii.substring(at + 2 - offset, next - offset)
      memo.push(text, pendingTuple, text)
      stack.push(text)
      at = next + 5
      if (bytes[at] !== 0x68 || bytes[at + 1] !== binget) return at
      at += 2
    }
    stack.push(this.#machine.textGlobal)
    return at
  }

  #wait(at: number, needed: number): number {
    if (needed > this.#maxBytes) throw new PickleError('A value in the pickle is too large.')
    this.needed = needed
    return at
  }

  #scanRare(bytes: Buffer, at: number): number {
    const machine = this.#machine
    const { stack } = machine
    const opcode = bytes[at] as number
    const fixed = argumentBytes[opcode] as number
    if (fixed === 255) throw new PickleError(`The opcode 0x${opcode.toString(16)} is not known.`)
    const start = at + 1 + fixed
    if (start > bytes.length) return this.#wait(at, start - at)
    const simple = simpleOpcodes[opcode]
    if (simple !== undefined) {
      simple(machine)
      return start
    }
    const arg = at + 1
    switch (opcode) {
      case 0x2e: // STOP
        this.done = true
        machine.top()
        return start
      case 0x80: // PROTO
        if ((bytes[arg] as number) > 5) throw new PickleError('The pickle has an unknown protocol.')
        return start
      case 0x95: // FRAME: advisory
        return start
      case 0x4b: // BININT1
        stack.push(bytes[arg])
        return start
      case 0x4d: // BININT2
        stack.push(bytes.readUInt16LE(arg))
        return start
      case 0x4a: // BININT
        stack.push(bytes.readInt32LE(arg))
        return start
      case 0x47: // BINFLOAT
        stack.push(bytes.readDoubleBE(arg))
        return start
      case 0x6a: // LONG_BINGET
        machine.get(bytes.readUInt32LE(arg))
        return start
      case 0x71: // BINPUT
        machine.put(bytes[arg] as number)
        return start
      case 0x72: // LONG_BINPUT
        machine.put(bytes.readUInt32LE(arg))
        return start
      case 0x63: // GLOBAL
        return this.#scanGlobal(bytes, at)
      default:
        return this.#scanSized(bytes, at, start)
    }
  }

  /** Opcodes that are followed by a length and as many bytes. */
  #scanSized(bytes: Buffer, at: number, start: number): number {
    const machine = this.#machine
    const opcode = bytes[at] as number
    const length = readLength(bytes, at + 1, start)
    const next = start + length
    if (length > this.#maxBytes) throw new PickleError('A value in the pickle is too large.')
    if (next > bytes.length) return this.#wait(at, next - at)
    switch (opcode) {
      case 0x58: // BINUNICODE
      case 0x8d: // BINUNICODE8
      case 0x55: // SHORT_BINSTRING
      case 0x54: // BINSTRING
        machine.stack.push(readText(bytes, start, next))
        return next
      case 0x8a: // LONG1
      case 0x8b: // LONG4
        machine.containers++
        machine.stack.push(length <= 6 ? readLong(bytes, start, next) : readBigint(bytes, start, next))
        return next
      default: // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
        machine.bytes(bytes.subarray(start, next))
        return next
    }
  }

  #scanGlobal(bytes: Buffer, at: number): number {
    const module = readLine(bytes, at + 1)
    const name = module === null ? null : readLine(bytes, module.next)
    if (module === null || name === null) return this.#wait(at, bytes.length - at + 1)
    this.#machine.global(module.text, name.text)
    return name.next
  }
}

const isAddressCall = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0x94 &&
  bytes[at + 1] === 0x85 &&
  bytes[at + 2] === 0x94 &&
  bytes[at + 3] === 0x52 &&
  bytes[at + 4] === 0x94

const isAscii = (bytes: Buffer, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if ((bytes[at] as number) > 0x7f) return false
  return true
}

const readLength = (bytes: Buffer, from: number, to: number): number => {
  let length = 0
  for (let at = to - 1; at >= from; at--) length = length * 256 + (bytes[at] as number)
  return length
}

/** Opcodes without an argument. */
const simpleOpcodes: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  0x28: (machine) => machine.mark(), // MARK
  0x30: (machine) => void machine.pop(), // POP
  0x31: (machine) => void machine.popMark(), // POP_MARK
  0x32: (machine) => machine.stack.push(machine.top()), // DUP
  0x4e: (machine) => machine.stack.push(null), // NONE
  0x88: (machine) => machine.stack.push(true), // NEWTRUE
  0x89: (machine) => machine.stack.push(false), // NEWFALSE
  0x5d: (machine) => machine.empty([]), // EMPTY_LIST
  0x29: (machine) => machine.empty([]), // EMPTY_TUPLE
  0x8f: (machine) => machine.empty([]), // EMPTY_SET
  0x7d: (machine) => machine.empty({}), // EMPTY_DICT
  0x74: (machine) => machine.empty(machine.popMark()), // TUPLE
  0x6c: (machine) => machine.empty(machine.popMark()), // LIST
  0x91: (machine) => machine.empty(machine.popMark()), // FROZENSET
  0x85: (machine) => machine.tuple(1), // TUPLE1
  0x86: (machine) => machine.tuple(2), // TUPLE2
  0x87: (machine) => machine.tuple(3), // TUPLE3
  0x61: (machine) => machine.append([machine.pop()]), // APPEND
  0x65: (machine) => machine.append(machine.popMark()), // APPENDS
  0x90: (machine) => machine.append(machine.popMark()), // ADDITEMS
  0x73: (machine) => {
    // SETITEM
    const value = machine.pop()
    machine.setItems([machine.pop(), value])
  },
  0x75: (machine) => machine.setItems(machine.popMark()), // SETITEMS
  0x64: (machine) => {
    // DICT
    const pairs = machine.popMark()
    machine.empty({})
    machine.setItems(pairs)
  },
  0x62: (machine) => machine.build(machine.pop()), // BUILD
  0x93: (machine) => {
    // STACK_GLOBAL
    const name = machine.pop()
    machine.global(machine.pop(), name)
  },
  0x52: (machine) => {
    // REDUCE
    const args = machine.pop()
    machine.reduce(machine.pop(), args)
  },
  0x81: (machine) => {
    // NEWOBJ
    const args = machine.pop()
    machine.reduce(machine.pop(), args)
  },
}

/** How many bytes of argument or length follow an opcode; 255: no such opcode. */
const argumentBytes: Uint8Array = new Uint8Array(256).fill(255)
for (const opcode of [...Object.keys(simpleOpcodes).map(Number), 0x2e, 0x63]) argumentBytes[opcode] = 0
for (const opcode of [0x80, 0x4b, 0x71, 0x55, 0x8a, 0x43]) argumentBytes[opcode] = 1
for (const opcode of [0x4d]) argumentBytes[opcode] = 2
for (const opcode of [0x4a, 0x6a, 0x72, 0x58, 0x54, 0x8b, 0x42]) argumentBytes[opcode] = 4
for (const opcode of [0x95, 0x47, 0x8d, 0x8e, 0x96]) argumentBytes[opcode] = 8
