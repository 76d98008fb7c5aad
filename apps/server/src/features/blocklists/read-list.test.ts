import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { textsOf } from '@bangui/shared'
import { ListError } from './list-error.ts'
import { chunksOf, readList } from './read-list.ts'

const AUTO = { format: 'auto', column: null } as const
const list = '1.2.3.4\n5.6.7.8\n'

const read = async (bytes: Uint8Array) => [...textsOf((await readList(chunksOf(bytes), AUTO)).entries)]

/** A zip file as PKWARE's APPNOTE.TXT describes it. */
function zipOf(files: readonly { name: string; text: string; flags?: number; method?: number }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text, flags = 0, method = 8 } of files) {
    const packed = method === 0 ? Buffer.from(text) : deflateRawSync(text)
    const begin = Buffer.alloc(30)
    begin.writeUInt32LE(0x04034b50, 0)
    begin.writeUInt16LE(flags, 6)
    begin.writeUInt16LE(method, 8)
    begin.writeUInt32LE(crc32(text), 14)
    begin.writeUInt32LE(packed.length, 18)
    begin.writeUInt32LE(text.length, 22)
    begin.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(flags, 8)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(text.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    parts.push(begin, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    offset += 30 + name.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}

describe('a list', () => {
  it.each<[string, Uint8Array]>([
    ['as it is', Buffer.from(list)],
    ['packed with gzip', gzipSync(list)],
    ['packed with gzip in two parts', Buffer.concat([gzipSync('1.2.3.4\n'), gzipSync('5.6.7.8\n')])],
    ['in a zip file', zipOf([{ name: 'list.txt', text: list }])],
    ['in a zip file, not packed', zipOf([{ name: 'list.txt', text: list, method: 0 }])],
    [
      'beside a smaller file in a zip file',
      zipOf([
        { name: 'a/', text: '' },
        { name: 'LICENSE', text: 'free' },
        { name: 'l', text: list },
      ]),
    ],
  ])('is read %s', async (_how, bytes) => {
    expect(await read(bytes)).toEqual(['1.2.3.4', '5.6.7.8'])
  })

  const zip = zipOf([{ name: 'list.txt', text: list.repeat(100) }])

  it.each<[string, Uint8Array, string]>([
    ['HTML', Buffer.from('<html>1.2.3.4'), 'web page (HTML)'],
    ['without an address', Buffer.from('hello\n'), 'no addresses'],
    ['empty', Buffer.alloc(0), 'empty'],
    ['packed with xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]), 'packed with xz'],
    ['packed with bzip2', Buffer.from('BZh91AY'), 'packed with bzip2'],
    ['a damaged gzip file', gzipSync(list.repeat(1_000)).subarray(0, 40), 'damaged, or ends too early'],
    ['no gzip file after all', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6]), 'damaged'],
    ['a bomb in gzip', gzipSync(Buffer.alloc(130 * 2 ** 20, 'x')), 'larger than 128 MiB when it is unpacked'],
    [
      'a bomb in zip',
      zipOf([{ name: 'l', text: 'x'.repeat(130 * 2 ** 20) }]),
      'larger than 128 MiB when it is unpacked',
    ],
    ['an encrypted zip file', zipOf([{ name: 'l', text: list, flags: 1 }]), 'encrypted'],
    [
      'a zip file with another method',
      zipOf([{ name: 'l', text: list, method: 14 }]),
      'in a way that BanGUI does not read',
    ],
    ['an empty zip file', zipOf([]), 'is empty'],
    ['a zip file that was cut off', zip.subarray(0, zip.length - 30), 'damaged'],
    [
      'a zip file whose content is damaged',
      Buffer.concat([zip.subarray(0, 45), Buffer.alloc(8, 0xff), zip.subarray(53)]),
      'damaged',
    ],
  ])('is refused, and named: %s', async (_what, bytes, words) => {
    const error = await read(bytes).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ListError)
    expect((error as Error).message).toContain(words)
  })

  it('is not read on once nobody waits', async () => {
    const reason = new Error('cancelled')
    await expect(readList(chunksOf(Buffer.from(list)), AUTO, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('has a hash of its entries alone', async () => {
    const hash = async (text: string) => (await readList(chunksOf(Buffer.from(text)), AUTO)).hash
    expect(await hash('# today\r\n5.6.7.8\r\n1.2.3.4 # x\r\n')).toBe(await hash(list))
    expect(await hash('1.2.3.4\n')).not.toBe(await hash(list))
  })
})
