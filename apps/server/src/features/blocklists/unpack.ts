import { createGunzip } from 'node:zlib'
import { decompress } from './decompress.ts'
import { ListError } from './list-error.ts'
import { unzip } from './unzip.ts'

/** A zip file is read from its end: so much of it is kept in memory, in bytes. */
const MAX_ZIP_BYTES = 32 * 2 ** 20

/** How many first bytes identify how a file is packed. */
const MAGIC_BYTES = 6

/** How packed files begin that BanGUI does not read. */
const unreadable = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
] as const

/** Yields the text of a file that may be packed with gzip or zip. @throws ListError */
export async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]()
  try {
    const [begin, rest] = await readBegin(source)
    const all = rejoin(begin, rest)
    const packed = unreadable.find(([, magic]) => magic.every((byte, index) => begin[index] === byte))
    if (packed)
      throw new ListError(
        `The list is packed with ${packed[0]}, which BanGUI does not read. Use a version of the list as text, or packed with gzip or zip.`,
      )
    if (begin[0] === 0x1f && begin[1] === 0x8b) yield* decompress(all, createGunzip())
    else if (begin[0] === 0x50 && begin[1] === 0x4b && (begin[2] ?? 9) < 9) yield* unzip(await readWhole(all))
    else yield* all
  } finally {
    await source.return?.()
  }
}

type Source = AsyncIterator<Uint8Array>

/** Returns the first bytes, and what goes on after them. */
async function readBegin(source: Source): Promise<[Uint8Array, Source]> {
  let begin: Uint8Array = new Uint8Array(0)
  while (begin.length < MAGIC_BYTES) {
    const { value, done } = await source.next()
    if (done) break
    begin = Buffer.concat([begin, value])
  }
  return [begin, source]
}

async function* rejoin(begin: Uint8Array, rest: Source): AsyncGenerator<Uint8Array> {
  if (begin.length > 0) yield begin
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function readWhole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of chunks) {
    size += part.length
    if (size > MAX_ZIP_BYTES)
      throw new ListError('The zip file is larger than 32 MiB. Pack the list with gzip instead.')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
