import { constants } from 'node:fs'
import { open, mkdtemp, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants as zlib, createGunzip } from 'node:zlib'

/** The largest size of an unpacked log; a longer log is not read. */
const MAX_BYTES = 256 * 1024 * 1024
/** Packed bytes in which the head of a log is found: rather more than it has unpacked. */
const HEAD_BYTES = 4096

/** Returns whether a log is packed in a format that can be read here. */
export const isPacked = (path: string): boolean => path.endsWith('.gz')

/** The first bytes of a packed log, at most `length`; no more is unpacked. @throws for anything else */
export async function readPackedHead(path: string, length: number): Promise<Buffer> {
  // a pipe would keep a blocking open waiting for ever
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return await unpackHead(buffer.subarray(0, bytesRead), length)
  } finally {
    await handle.close()
  }
}

async function unpackHead(bytes: Buffer, length: number): Promise<Buffer> {
  // the unpacked text ends where the bytes end
  const unpacking = createGunzip({ finishFlush: zlib.Z_SYNC_FLUSH })
  unpacking.end(bytes)
  let head: Buffer = Buffer.alloc(0)
  for await (const chunk of unpacking as AsyncIterable<Buffer>) {
    head = Buffer.concat([head, chunk])
    if (head.length >= length) break
  }
  return head.subarray(0, length)
}

/** Unpacks a log into a file without a name, which is removed when it is closed. @throws for a damaged log, and one that is too long */
export async function unpackLog(packed: FileHandle): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-unpacked-'))
  try {
    const unpacked = await open(join(folder, 'log'), 'wx+', 0o600)
    try {
      const write = createBoundedWriter(unpacked)
      await pipeline(packed.createReadStream({ start: 0, autoClose: false }), createGunzip(), write)
      return unpacked
    } catch (error) {
      await unpacked.close()
      throw error
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const createBoundedWriter = (file: FileHandle) =>
  async function write(source: AsyncIterable<Buffer>): Promise<void> {
    let size = 0
    for await (const bytes of source) {
      size += bytes.length
      if (size > MAX_BYTES) throw new RangeError('The log is too long to be unpacked.')
      await file.write(bytes)
    }
  }
