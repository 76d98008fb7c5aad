import { frameEnd } from './encode-command.ts'
import { PickleError } from './pickle-error.ts'
import { createPickleScanner, type PickleScanner } from './pickle-scanner.ts'
import type { ReplyLimits } from './reply-limits.ts'

/** Splits a stream of replies into values: a pickle contains its own end, after which that of the frame has to follow. */
export interface FrameDecoder {
  /**
   * Takes the next bytes (they may be reused afterwards).
   * @throws PickleError for anything that is no reply; the stream is of no use then
   */
  push(chunk: Buffer): void
}

/**
 * Creates the decoder of one connection's replies; `nextLimits` is asked for the limits of each reply when its first
 * bytes come, `onValue` gets the values in order.
 */
export const createFrameDecoder = (
  nextLimits: () => ReplyLimits,
  onValue: (value: unknown) => void,
): FrameDecoder => {
  const waiting = createWaitingBytes()
  let current: { readonly scanner: PickleScanner; readonly maxBytes: number } | null = null
  /** bytes of the current reply that were read */
  let taken = 0

  const begin = () => {
    const limits = nextLimits()
    return { scanner: createPickleScanner(limits), maxBytes: limits.maxBytes }
  }

  const readPickle = (scanner: PickleScanner, bytes: Buffer, at: number): number => {
    if (scanner.done || bytes.length - at < scanner.needed) return at
    const next = scanner.scan(bytes, at)
    taken += next - at
    return next
  }

  const read = (bytes: Buffer): number => {
    let at = 0
    while (at < bytes.length) {
      const { scanner, maxBytes } = (current ??= begin())
      at = readPickle(scanner, bytes, at)
      if (taken + (scanner.done ? 0 : scanner.needed) > maxBytes)
        throw new PickleError('The reply is too large.')
      if (!scanner.done || !endsFrame(bytes, at)) break
      onValue(scanner.value())
      at += frameEnd.length
      current = null
      taken = 0
    }
    return at
  }

  return {
    push(chunk) {
      const bytes = waiting.join(chunk)
      waiting.keep(bytes, read(bytes))
    },
  }
}

/** Returns whether the end of the frame stands here; false while it has not come whole. */
const endsFrame = (bytes: Buffer, at: number): boolean => {
  const length = Math.min(bytes.length - at, frameEnd.length)
  for (let i = 0; i < length; i++) {
    if (bytes[at + i] !== frameEnd[i]) throw new PickleError('The reply does not end where it should.')
  }
  return length === frameEnd.length
}

/** Holds what could not be read yet; grows with what arrived, never with what was announced. */
const createWaitingBytes = () => {
  let store = Buffer.alloc(0)
  let length = 0
  return {
    /** Returns the waiting bytes and the next ones together; copies nothing where none waited. */
    join(chunk: Buffer): Buffer {
      if (length === 0) return chunk
      if (length + chunk.length > store.length) {
        const larger = Buffer.alloc(Math.max(2 * store.length, length + chunk.length))
        store.copy(larger, 0, 0, length)
        store = larger
      }
      chunk.copy(store, length)
      length += chunk.length
      return store.subarray(0, length)
    },
    /** Keeps what {@link join} gave from an offset on. */
    keep(bytes: Buffer, from: number): void {
      const isStored = length > 0
      length = bytes.length - from
      if (length === 0) store = Buffer.alloc(0)
      else if (!isStored) store = Buffer.from(bytes.subarray(from))
      else if (from > 0) store.copyWithin(0, from, bytes.length)
    },
  }
}
