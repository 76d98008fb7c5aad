import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { nextTurn } from '@bangui/async'
import {
  countEntries,
  createListParser,
  encodeEntries,
  MAX_LIST_BYTES,
  MAX_LIST_ENTRIES,
  type ListExpectation,
  type ParsedList,
} from '@bangui/shared'
import { bytesText } from '../../lib/fetch-error.ts'
import { ListError } from './list-error.ts'
import { unpack } from './unpack.ts'

/** A list that was read. */
export interface ReadList extends ParsedList {
  /** as it came */
  readonly bytes: number
  /** of the entries */
  readonly hash: string
  /** the entries, as they are stored */
  readonly content: Uint8Array
}

/** How many bytes are parsed before others have their turn. */
const SLICE_BYTES = 65_536

/**
 * Reads a list as it comes: unpacks and parses it. What is no list, is too long, or has no address at all, is refused.
 * @throws ListError; what the chunks throw
 */
export async function readList(
  chunks: AsyncIterable<Uint8Array>,
  expected: ListExpectation,
  signal?: AbortSignal,
): Promise<ReadList> {
  const parsed = await parseAll(chunks, expected, signal)
  const { look } = parsed
  if (look.format !== 'plain' && look.format !== 'hosts' && look.format !== 'csv')
    throw new ListError(look.words)
  if (parsed.isTooLong)
    throw new ListError(`The list has more than ${MAX_LIST_ENTRIES.toLocaleString('en')} entries.`)
  if (countEntries(parsed.entries) === 0) throw new ListError(`The list has no addresses. ${look.words}`)
  return parsed
}

/** As {@link readList}, but a text that is no list is not refused: its look says what it is. @throws ListError; what the chunks throw */
export async function parseAll(
  chunks: AsyncIterable<Uint8Array>,
  expected: ListExpectation,
  signal?: AbortSignal,
): Promise<ReadList> {
  const parser = createListParser(expected)
  const size = { packed: 0, unpacked: 0 }
  const counted = counting(chunks, (more) => (size.packed += more))
  for await (const chunk of unpack(counted)) {
    signal?.throwIfAborted()
    size.unpacked += chunk.length
    if (size.unpacked > MAX_LIST_BYTES)
      throw new ListError(`The list is larger than ${bytesText(MAX_LIST_BYTES)} when it is unpacked.`)
    if (!(await pushSlices(parser.push, chunk))) break
  }
  const parsed = parser.end()
  const content = encodeEntries(parsed.entries)
  return { ...parsed, bytes: size.packed, content, hash: createHash('sha256').update(content).digest('hex') }
}

/** Reads a file that is in memory. */
export const chunksOf = (bytes: Uint8Array): AsyncIterable<Uint8Array> => Readable.from([Buffer.from(bytes)])

async function pushSlices(push: (bytes: Uint8Array) => boolean, chunk: Uint8Array): Promise<boolean> {
  for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
    if (!push(chunk.subarray(from, from + SLICE_BYTES))) return false
    // a timer or a socket may wait
    await nextTurn()
  }
  return true
}

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length)
    yield chunk
  }
}
