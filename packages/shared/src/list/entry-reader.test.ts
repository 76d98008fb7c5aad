import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../address.ts'
import { createPlainReader, type EntryReader } from './entry-reader.ts'
import { isComment, parseLine, type ListLayout } from './list-line.ts'
import type { EntrySink } from './parse-entry.ts'
import { createRowReader } from './row-reader.ts'

const encoder = new TextEncoder()
const PLAIN: ListLayout = { format: 'plain', delimiter: ',', column: 1, lastColumn: null }

/** Returns the entries of a line as bytes, undefined where they are read as text, and those of its text. */
function read(line: string, layout: ListLayout) {
  const collect = () => {
    const found: (string | number)[] = []
    const take = (entry: string | number) => void found.push(entry)
    return { found, sink: { ipv4: take, ipv6: take } satisfies EntrySink }
  }
  const [bytes, text] = [collect(), collect()]
  const reader: EntryReader =
    layout.format === 'csv' ? createRowReader(bytes.sink, layout) : createPlainReader(bytes.sink)
  const encoded = encoder.encode(`1${line}2`)
  const isTaken = reader(encoded, 1, encoded.length - 1)
  const isRead = !isComment(line) && parseLine(line, layout, text.sink)
  return { bytes: isTaken ? bytes.found : undefined, text: isRead ? text.found : undefined }
}

const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom(
    '::1',
    '1::',
    '1:0:0:2:0:0:0:3',
    '2001:db8::1.2.3.4',
    '::ffff:1.2.3.4',
    '01.2.3.4',
    '1::2::3',
  ),
)
const network = fc.tuple(host, fc.integer({ min: 0, max: 130 })).map((pair) => pair.join('/'))
const range = fc.tuple(host, fc.constantFrom('-', ' - ', ' – ', '- '), host).map((parts) => parts.join(''))
const between = fc.constantFrom(
  ' ',
  '\t',
  ',',
  ';',
  '|',
  '"',
  '#',
  '//',
  ' // ',
  '-',
  ':',
  '\r',
  '[',
  '%',
  'x',
)
const line = fc
  .array(fc.oneof(host, network, range, between, between), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.join(''))
const layout = fc.record<ListLayout>({
  format: fc.constantFrom('plain', 'csv'),
  delimiter: fc.constantFrom(',', '\t', ';', '|'),
  column: fc.integer({ min: 1, max: 3 }),
  lastColumn: fc.constant(null),
})

describe('a line that is read as bytes', () => {
  it('has the entries of its text', () => {
    const isRange = fc.boolean()
    fc.assert(
      fc.property(line, layout, isRange, (text, { column, ...rest }, hasLast) => {
        const { bytes, text: expected } = read(text, {
          ...rest,
          column,
          lastColumn: hasLast ? column + 1 : null,
        })
        expect(bytes ?? expected).toEqual(expected)
      }),
      { numRuns: 3_000 },
    )
  })

  it.each([
    ['1.2.3.4', PLAIN],
    ['  1.2.3.0/24\r', PLAIN],
    ['1.2.3.4 # seen', PLAIN],
    ['1.2.3.4 host.example.org', PLAIN],
    ['1.2.3.4-1.2.3.9', PLAIN],
    ['1.2.3.4 - 1.2.3.9 , 000 , name', PLAIN],
    ['2001:DB8:0::1', PLAIN],
    ['2001:db8::/32;', PLAIN],
    ['x,1.2.3.4,y', { ...PLAIN, format: 'csv', column: 2 }],
    ['"x, y","1.2.3.4","z"', { ...PLAIN, format: 'csv', column: 2 }],
    ['x\t2001:db8::1', { ...PLAIN, format: 'csv', delimiter: '\t', column: 2 }],
    ['1.2.3.0\t1.2.3.255\t24', { ...PLAIN, format: 'csv', delimiter: '\t', lastColumn: 2 }],
  ] as const)('is one such as %j', (text, one) => {
    const { bytes, text: expected } = read(text, one)
    expect(bytes).toEqual(expected)
    expect(bytes).toBeDefined()
  })

  it('has an address of IPv6 as parseAddress writes it', () => {
    const anyPrefix = fc.option(fc.integer({ min: 0, max: 128 }), { nil: undefined })
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    })
    fc.assert(
      fc.property(groups, anyPrefix, ([first = 0, ...others], prefix) => {
        const written = [first | 1, ...others].map((group) => group.toString(16)).join(':')
        const text = prefix === undefined ? written : `${written}/${prefix}`
        expect(read(text, PLAIN).bytes).toEqual([parseAddress(text)?.text])
      }),
    )
  })
})
