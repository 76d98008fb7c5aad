import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../address.ts'
import { countEntries, decodeEntries, encodeEntries, textsOf } from './list-entries.ts'
import { createListParser, type ListParserOptions } from './list-parser.ts'

const encoder = new TextEncoder()
const AUTO: ListParserOptions = { format: 'auto', column: null }

function parse(text: string | Uint8Array, options: Partial<ListParserOptions> = {}, size = 1e9) {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text
  const parser = createListParser({ ...AUTO, ...options })
  for (let from = 0; from < bytes.length; from += size) parser.push(bytes.subarray(from, from + size))
  const parsed = parser.end()
  return { ...parsed, texts: [...textsOf(parsed.entries)] }
}

describe('a list in the format', () => {
  it.each<[string, string, string[], string]>([
    ['plain addresses', '1.2.3.4\n5.6.7.8\n', ['1.2.3.4', '5.6.7.8'], 'a plain list of addresses'],
    ['Windows', '1.2.3.4\r\n5.6.7.8\r\n', ['1.2.3.4', '5.6.7.8'], 'plain list'],
    ['old Macs', '1.2.3.4\r5.6.7.8', ['1.2.3.4', '5.6.7.8'], 'plain list'],
    ['a mark of UTF-8 before it', '\uFEFF1.2.3.4\n', ['1.2.3.4'], 'plain list'],
    ['networks', '1.2.3.4/24\n2001:DB8::1/32', ['1.2.3.0/24', '2001:db8::/32'], 'plain list'],
    ['IPv6', '2001:db8::0:1\n::ffff:1.2.3.4\n::1', ['1.2.3.4', '2001:db8::1', '::1'], 'plain list'],
    [
      'comments of every kind',
      '# a\n; b\n// c\n\n  \n1.2.3.4 # d\n1.2.3.5;e\n1.2.3.6 // f\n1.2.3.7//g\n1.2.3.8\tSBL1',
      ['1.2.3.4', '1.2.3.5', '1.2.3.6', '1.2.3.7', '1.2.3.8'],
      'plain list',
    ],
    [
      'Spamhaus',
      '; DROP\n1.10.16.0/20 ; SBL256894\n1.19.0.0/16 ; SBL434604',
      ['1.10.16.0/20', '1.19.0.0/16'],
      'plain',
    ],
    ['ranges', '1.2.3.0-1.2.3.255\n1.2.4.1 - 1.2.4.2 # x', ['1.2.3.0/24', '1.2.4.1', '1.2.4.2'], 'ranges'],
    ['ranges with a dash', '1.2.3.0 – 1.2.3.1', ['1.2.3.0/31'], 'ranges'],
    ['ranges of IPv6', '2001:db8::-2001:db8::5', ['2001:db8::/126', '2001:db8::4/127'], 'ranges'],
    [
      'peer-to-peer programs',
      'Some name: x:1.2.3.0-1.2.3.3\nOther:1.2.4.0-1.2.4.0',
      ['1.2.3.0/30', '1.2.4.0'],
      '',
    ],
    ['ports', '1.2.3.4:8080\n1.2.3.5:22', ['1.2.3.4', '1.2.3.5'], 'plain'],
    [
      'hosts files',
      '1.2.3.4 evil.example.org\n1.2.3.5\tbad.example.org worse.example.org',
      ['1.2.3.4', '1.2.3.5'],
      'hosts file, addresses',
    ],
    [
      'hosts files of names',
      '0.0.0.0 ads.example.org\n0.0.0.0 track.example.org',
      ['0.0.0.0'],
      'blocks names',
    ],
    [
      'CSV',
      'time,address,port\n2026-01-01,1.2.3.4,443\n2026-01-02,1.2.3.5,80',
      ['1.2.3.4', '1.2.3.5'],
      'Looks like CSV, addresses in column 2.',
    ],
    [
      'CSV with quotes',
      '"first, seen","ip"\n"2026-01-01, 10:00","1.2.3.4"\n"2026-01-01, 11:00","2001:db8::1"',
      ['1.2.3.4', '2001:db8::1'],
      'CSV, addresses in column 2',
    ],
    [
      'CSV without a header',
      '1,1.2.3.4\n2,1.2.3.5\n3,1.2.3.6',
      ['1.2.3.4', '1.2.3.5', '1.2.3.6'],
      'column 2',
    ],
    [
      'semicolons',
      'id;ip;x\n1;1.2.3.4;a\n2;1.2.3.5;b',
      ['1.2.3.4', '1.2.3.5'],
      'semicolons, addresses in column 2',
    ],
    [
      'tabs',
      '# x\nname\tip\nfoo\t1.2.3.4\nbar\t1.2.3.5',
      ['1.2.3.4', '1.2.3.5'],
      'tabs, addresses in column 2',
    ],
    [
      'DShield',
      'Start\tEnd\tNetmask\n1.2.3.0\t1.2.3.255\t24\n1.2.5.0\t1.2.5.255\t24',
      ['1.2.3.0/24', '1.2.5.0/24'],
      'ranges in columns 1 and 2',
    ],
  ])('of %s is read', (...[, text, texts, words]) => {
    const found = parse(text)
    expect(found.texts).toEqual(texts)
    expect(found.look.words).toContain(words)
    expect(found.invalid).toBe(0)
  })
})

describe('what is no list', () => {
  it.each([
    ['html', '<!DOCTYPE html><html><body>1.2.3.4</body></html>', 'web page (HTML)'],
    ['html', '\n\n  <html>\n1.2.3.4', 'web page'],
    ['json', '{"cidr":"1.2.3.0/24"}\n', 'JSON'],
    ['json', '[\n {"ip": "1.2.3.4"}]', 'JSON'],
    ['binary', '\0\0\x01\x02', 'binary file'],
    ['empty', '', 'empty'],
    ['empty', '# nothing\n\n; here', 'empty'],
  ])('is named: %s', (format, text, words) => {
    const found = parse(text)
    expect([found.look.format, found.texts, found.lines]).toEqual([format, [], 0])
    expect(found.look.words).toContain(words)
  })

  it('is named: text in UTF-16', () => {
    expect(parse(new Uint8Array(Buffer.from('\uFEFF1.2.3.4\n', 'utf16le'))).look.words).toContain('UTF-16')
  })

  it('ends the reading', () => {
    const parser = createListParser(AUTO)
    expect(parser.push(encoder.encode('<html>'.padEnd(70_000)))).toBe(false)
  })
})

describe('lines that are no addresses', () => {
  it('are counted, with samples', () => {
    const found = parse(
      '1.2.3.4\nnonsense\n1.2.3\n01.2.3.4\n1.2.3.4/33\n1.2.3.9-1.2.3.1\n256.1.1.1\n1.2.3.4.5\n',
    )
    expect(found).toMatchObject({ lines: 8, invalid: 7, texts: ['1.2.3.4'] })
    expect(found.invalidSamples[0]).toEqual({ line: 2, text: 'nonsense' })
  })

  it('do not end the reading where they are long', () => {
    const found = parse(`1.2.3.4\n${'x'.repeat(100_000)}\n1.2.3.5\n${'y'.repeat(9_000)}`, {}, 1_000)
    expect(found).toMatchObject({ lines: 4, invalid: 2, texts: ['1.2.3.4', '1.2.3.5'] })
    expect(found.invalidSamples.map(({ line }) => line)).toEqual([2, 4])
  })
})

describe('a long beginning without addresses', () => {
  it('is read over', () => {
    const comments = '# nothing\n'.repeat(20_000)
    const found = parse(`${comments}time,address\n1,1.2.3.4\n2,1.2.3.5\n3,x\n`, {}, 5_000)
    expect(found).toMatchObject({ texts: ['1.2.3.4', '1.2.3.5'], invalidSamples: [{ line: 20_004 }] })
    expect(found.look.words).toContain('column 2')
    expect(parse(comments, {}, 5_000).look.format).toBe('empty')
    expect(parse('\n'.repeat(200_000), {}, 5_000).look.format).toBe('empty')
  })
})

describe('what is expected of a list', () => {
  const table = 'a,b\n1.2.3.4,5.6.7.8\n1.2.3.5,5.6.7.9'

  it('chooses the column', () => {
    expect(parse(table, { column: 2 }).texts).toEqual(['5.6.7.8', '5.6.7.9'])
    expect(parse(table, { format: 'csv' }).look.columns).toEqual([
      { column: 1, examples: ['a', '1.2.3.4', '1.2.3.5'], addresses: 1 },
      { column: 2, examples: ['b', '5.6.7.8', '5.6.7.9'], addresses: 1 },
    ])
  })

  it('chooses the format', () => {
    expect(parse('1.2.3.4 a.example.org', { format: 'hosts' }).look.format).toBe('hosts')
    expect(parse('x,1.2.3.4', { format: 'plain' })).toMatchObject({ texts: [], invalid: 1 })
    expect(parse('1.2.3.4\n', { format: 'csv' }).look.words).toContain('no columns')
  })
})

describe('a list that is too long', () => {
  it('is not cut, but named', () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`).join('\n')
    expect(parse(lines, { maxEntries: 5_000 }).isTooLong).toBe(false)
    expect(parse(`${lines}\n${lines}`, { maxEntries: 5_000 })).toMatchObject({
      isTooLong: false,
      duplicates: 5_000,
    })
    expect(parse(lines, { maxEntries: 4_999 }).isTooLong).toBe(true)
    expect(parse('::1\n::2\n::3', { maxEntries: 2 }).isTooLong).toBe(true)
  })
})

const quad = fc.ipV4()
const network = fc.tuple(quad, fc.integer({ min: 0, max: 32 })).map(([host, prefix]) => `${host}/${prefix}`)
const entry = fc.oneof(
  quad,
  network,
  fc.ipV6(),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map((pair) => pair.join('/')),
)

describe('any list', () => {
  it('has the same entries however it comes in pieces, and in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (lines, size) => {
          const expected = new Set(lines.map((line) => parseAddress(line)?.text))
          const found = parse(`${lines.join('\n')}\n`, { format: 'plain' }, size)
          expect(new Set(found.texts)).toEqual(expected)
          expect(found.duplicates).toBe(lines.length - expected.size)
          const other = parse(lines.toReversed().join('\r\n'), { format: 'plain' })
          expect(other.entries).toEqual(found.entries)
          expect(decodeEntries(encodeEntries(found.entries))).toEqual(found.entries)
        },
      ),
    )
  })

  it('never makes the parser throw, and counts every line once', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }).map((text) => encoder.encode(text)),
      fc
        .array(
          fc.oneof(entry, fc.constantFrom('#', ',', ';', '-', ' ', '"', '\n', '\t', ':', '.', '/', '<')),
          { maxLength: 60 },
        )
        .map((parts) => encoder.encode(parts.join(''))),
    )
    const format = fc.constantFrom('auto', 'plain', 'hosts', 'csv')
    fc.assert(
      fc.property(anything, format, fc.integer({ min: 1, max: 50 }), (bytes, wanted, size) => {
        const found = parse(bytes, { format: wanted as 'auto' }, size)
        expect(found.invalid).toBeLessThanOrEqual(found.lines)
        expect(found.texts.every((text) => parseAddress(text)?.text === text)).toBe(true)
        expect(countEntries(found.entries)).toBe(new Set(found.texts).size)
      }),
    )
  })

  it('has a range as networks that cover exactly its addresses', () => {
    const bounds = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 70_000 }))
    const textOf = (address: number) =>
      [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.')
    fc.assert(
      fc.property(bounds, ([from, length]) => {
        const to = Math.min(2 ** 32 - 1, from + length)
        const { entries } = parse(`${textOf(from)}-${textOf(to)}`)
        let next = from
        for (const part of entries.ipv4) {
          expect(Math.floor(part / 64)).toBe(next)
          next += 2 ** (32 - (part % 64))
        }
        expect(next).toBe(to + 1)
      }),
    )
  })
})

describe('stored entries', () => {
  it('that are damaged are no entries', () => {
    expect(decodeEntries(new Uint8Array(2))).toBeUndefined()
    expect(decodeEntries(new Uint8Array([0, 0, 0, 9, 1]))).toBeUndefined()
  })
})
