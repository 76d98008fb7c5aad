import { pipeline, Readable, type Duplex } from 'node:stream'
import { ListError } from './list-error.ts'

/** Yields what a decompressor makes of chunks. @throws ListError where they are damaged */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  stream: Duplex,
): AsyncGenerator<Uint8Array> {
  let failed: unknown
  // an error of either ends both
  pipeline(Readable.from(catching(chunks, (error) => (failed = error))), stream, () => undefined)
  try {
    yield* stream as AsyncIterable<Uint8Array>
  } catch (error) {
    if (failed !== undefined) throw failed
    throw new ListError('The packed list is damaged, or ends too early.', { cause: error })
  }
}

async function* catching(
  chunks: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    onError(error)
    throw error
  }
}
