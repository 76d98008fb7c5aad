import { Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { decompress } from './decompress.ts'
import { ListError } from './list-error.ts'

// The parts of a zip file (PKWARE's APPNOTE.TXT, 4.3): the end of the central directory says where the directory is, its
// entries say where each file begins. What is not needed for a list is refused: several disks, 64-bit sizes, encryption.

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const FILE_SIGNATURE = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const FILE_BYTES = 30
const MAX_COMMENT_BYTES = 65_535
const MAX_FILES = 1_000

interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly isEncrypted: boolean
  readonly packedBytes: number
  readonly bytes: number
  readonly offset: number
}

/** Yields the content of the largest file in a zip file. @throws ListError */
export async function* unzip(zip: Buffer): AsyncGenerator<Uint8Array> {
  const files = listEntries(zip).filter(({ name, bytes }) => bytes > 0 && !name.endsWith('/'))
  const [first, ...others] = files
  if (!first) throw new ListError('The zip file is empty.')
  const file = others.reduce((one, other) => (other.bytes > one.bytes ? other : one), first)
  if (file.isEncrypted) throw new ListError('The zip file is encrypted. Pack the list without a password.')
  const content = contentOf(zip, file)
  if (file.method === 0) yield content
  else if (file.method === 8) yield* decompress(Readable.from([content]), createInflateRaw())
  else
    throw new ListError(
      'The zip file is packed in a way that BanGUI does not read. Pack the list with gzip instead.',
    )
}

const damaged = () => new ListError('The zip file is damaged.')

function listEntries(zip: Buffer): ZipEntry[] {
  const end = findEnd(zip)
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  if (count > MAX_FILES)
    throw new ListError(`The zip file has more than ${MAX_FILES.toLocaleString('en')} files.`)
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index += 1) {
    if (at + ENTRY_BYTES > end || zip.readUInt32LE(at) !== ENTRY_SIGNATURE) throw damaged()
    const nameBytes = zip.readUInt16LE(at + 28)
    const next = at + ENTRY_BYTES + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    entries.push({
      name: zip.toString('latin1', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      method: zip.readUInt16LE(at + 10),
      isEncrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
      packedBytes: zip.readUInt32LE(at + 20),
      bytes: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
    })
    at = next
  }
  return entries
}

/** Returns where the end of the central directory begins. */
function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_BYTES - MAX_COMMENT_BYTES)
  for (let at = zip.length - END_BYTES; at >= first; at -= 1) {
    const isEnd =
      zip.readUInt32LE(at) === END_SIGNATURE && at + END_BYTES + zip.readUInt16LE(at + 20) === zip.length
    if (isEnd) return at
  }
  throw damaged()
}

function contentOf(zip: Buffer, { offset, packedBytes }: ZipEntry): Buffer {
  if (packedBytes === 0xffff_ffff || offset === 0xffff_ffff)
    throw new ListError('The zip file has 64-bit sizes, which BanGUI does not read.')
  if (offset + FILE_BYTES > zip.length || zip.readUInt32LE(offset) !== FILE_SIGNATURE) throw damaged()
  const begin = offset + FILE_BYTES + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28)
  if (begin + packedBytes > zip.length) throw damaged()
  return zip.subarray(begin, begin + packedBytes)
}
