import type { LeftOutFile } from '@bangui/shared'

/** A file of an archive. */
export interface TarFile {
  readonly path: string
  readonly content: Buffer
  /** the permissions, such as 0o644 */
  readonly mode: number
  /** in milliseconds since the epoch */
  readonly changedAt: number
}

/** What is wrong with an archive, as a sentence. */
export class TarError extends Error {
  override readonly name = 'TarError'
}

const BLOCK = 512
/** Of the field for the name; a longer path is split at a slash. */
const NAME_BYTES = 100
const PREFIX_BYTES = 155

/** Returns a tar archive (POSIX ustar) with files, which belong to root. @throws TarError where a path is too long for it */
export function packTar(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap(({ content, ...file }) => [
    headerOf({ ...file, size: content.length }),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function headerOf({
  path,
  mode,
  changedAt,
  size,
}: Omit<TarFile, 'content'> & { readonly size: number }): Buffer {
  const { name, prefix } = splitPath(path)
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    header.write(
      `${Math.max(0, Math.floor(value))
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      at,
      'latin1',
    )
  header.write(name, 0)
  octal(mode & 0o777, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(changedAt / 1000, 136, 12)
  header.write('0', 156)
  header.write('ustar\0', 257, 'latin1')
  header.write('00', 263)
  header.write('root', 265)
  header.write('root', 297)
  header.write(prefix, 345)
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: '' }
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(name) <= NAME_BYTES)
      return { name, prefix }
  }
  throw new TarError(`The path ${path} is too long for an archive.`)
}

/** The sum of the bytes of a header, with its own field as spaces. */
const checksumOf = (header: Buffer): number =>
  header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0)

/** What other entries than files are, by their type. */
const kinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a named pipe',
}

/** What an archive holds: its files, and what was left out of it. */
export interface ParsedTar {
  readonly files: readonly TarFile[]
  readonly leftOut: readonly LeftOutFile[]
}

/**
 * Reads a tar archive: regular files only. Links, devices and the like, and names that only an extension of the format can hold, are left
 * out. Nothing is written. @throws TarError for anything that is no such archive, and for more than `maxFiles` entries
 */
export function parseTar(bytes: Buffer, maxFiles: number): ParsedTar {
  const files: TarFile[] = []
  const leftOut: LeftOutFile[] = []
  let isExtended = false
  let at = 0
  for (let entries = 0; ; entries += 1) {
    const header = bytes.subarray(at, at + BLOCK)
    // two empty blocks end an archive; whatever follows is not read
    if (header.every((byte) => byte === 0)) break
    if (entries >= maxFiles) throw new TarError(`The archive has more than ${maxFiles} entries.`)
    const { path, size, type, ...file } = parseHeader(header)
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size)
    if (content.length < size) throw new TarError('The archive ends in the middle of a file.')
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const why = whyNot(type, { isExtended })
    // what an extension says is about the next entry
    isExtended = 'xLK'.includes(type)
    if (isExtended || type === 'g' || type === '5') continue
    if (why === null) files.push({ path, content, ...file })
    else leftOut.push({ path, why })
  }
  return { files, leftOut }
}

function whyNot(type: string, { isExtended }: { readonly isExtended: boolean }): string | null {
  if (type !== '0') return `This is ${kinds[type] ?? 'an entry of an unknown kind'}, not a file.`
  return isExtended ? 'Its name or its attributes need an extension of the tar format.' : null
}

function parseHeader(header: Buffer): Omit<TarFile, 'content'> & { size: number; type: string } {
  if (header.length < BLOCK) throw new TarError('The archive ends in the middle of a header.')
  const text = (from: number, length: number) => {
    const field = header.subarray(from, from + length)
    const end = field.indexOf(0)
    return field.subarray(0, end === -1 ? length : end).toString('utf8')
  }
  const octal = (from: number, length: number) => {
    const digits = text(from, length).trim()
    if (!/^[0-7]{0,11}$/.test(digits)) throw new TarError('The archive has a number that cannot be read.')
    return Number.parseInt(digits || '0', 8)
  }
  if (octal(148, 8) !== checksumOf(header)) throw new TarError('This is not a tar archive, or it is damaged.')
  const prefix = text(257, 5) === 'ustar' ? text(345, PREFIX_BYTES) : ''
  const name = text(0, NAME_BYTES)
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    mode: octal(100, 8) & 0o777,
    size: octal(124, 12),
    changedAt: octal(136, 12) * 1000,
    type: text(156, 1) || '0',
  }
}
