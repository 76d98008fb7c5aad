import { describe, expect, test } from 'vitest'
import { recordedReplies } from '../../test/recorded-replies.ts'
import { writePickle } from '../../test/write-pickle.ts'
import { frameEnd } from './encode-command.ts'
import { createFrameDecoder } from './frame-decoder.ts'
import { PickleError } from './pickle-error.ts'
import { listLimits } from './reply-limits.ts'

const frame = (pickle: Uint8Array) => Buffer.concat([pickle, frameEnd])

/** Feeds chunks through one buffer that is overwritten each time, as the connection does. */
const decodeChunks = (chunks: readonly Buffer[], maxBytes = 10_000_000): unknown[] => {
  const values: unknown[] = []
  const decoder = createFrameDecoder(
    () => ({ ...listLimits, maxBytes }),
    (value) => values.push(value),
  )
  for (const chunk of chunks) {
    const reused = Buffer.from(chunk)
    decoder.push(reused)
    reused.fill(0xee)
  }
  return values
}

const cut = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size))

describe('createFrameDecoder', () => {
  const some = recordedReplies.filter(({ reply }) => reply.length < 600).slice(0, 40)

  test('finds the same values at every split of a reply', () => {
    for (const { reply, value } of some) {
      const bytes = frame(reply)
      for (let at = 1; at < bytes.length; at++) {
        expect(decodeChunks([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([value])
      }
    }
  })

  test.each([1, 2, 3, 7, 64, 1000, 65_536])(
    'finds every reply of a stream that comes in pieces of %i bytes',
    (size) => {
      const stream = Buffer.concat(recordedReplies.map(({ reply }) => frame(reply)))
      expect(decodeChunks(cut(stream, size))).toEqual(recordedReplies.map(({ value }) => value))
    },
  )

  test('takes a text that contains the end of a frame for what it is', () => {
    const text = 'a <F2B_END_COMMAND> b'
    expect(decodeChunks([frame(writePickle([0, text], 4)), frame(writePickle([0, 1], 2))])).toEqual([
      [0, text],
      [0, 1],
    ])
  })

  test('takes time in proportion to a long text in small pieces', { timeout: 10_000 }, () => {
    const text = 'x'.repeat(4_000_000)
    expect(decodeChunks(cut(frame(writePickle(text, 2)), 100))).toEqual([text])
  })

  test('gives the reply that came before garbage', () => {
    const values: unknown[] = []
    const decoder = createFrameDecoder(
      () => ({ ...listLimits, maxBytes: 1000 }),
      (value) => values.push(value),
    )
    expect(() => decoder.push(Buffer.concat([frame(writePickle(1, 2)), Buffer.from('HTTP/1.1')]))).toThrow(
      PickleError,
    )
    expect(values).toEqual([1])
  })

  test('refuses a pickle that another one follows without the end of a frame, at the first wrong byte', () => {
    expect(() => decodeChunks([Buffer.concat([writePickle(1, 2), Buffer.from('<F2B_X')])])).toThrow(
      PickleError,
    )
    expect(decodeChunks([Buffer.concat([writePickle(1, 2), Buffer.from('<F2B_E')])])).toEqual([])
  })

  test('refuses a reply beyond its bound, also one that is only announced', () => {
    const list = frame(
      writePickle(
        Array.from({ length: 1000 }, (_, n) => n),
        2,
      ),
    )
    expect(() => decodeChunks(cut(list, 100), 1000)).toThrow(PickleError)
    expect(() => decodeChunks([Buffer.from('800458ffff0000', 'hex')], 1000)).toThrow(PickleError)
  })
})
