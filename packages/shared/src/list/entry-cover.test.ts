import fc from 'fast-check'
import { expect, it } from 'vitest'
import { contains, parseAddress } from '../address.ts'
import { createEntryCover } from './entry-cover.ts'
import { createListParser } from './list-parser.ts'
import type { ListEntries } from './list-entries.ts'

function entriesOf(...texts: readonly string[]): ListEntries {
  const parser = createListParser({ format: 'plain', column: null })
  parser.push(new TextEncoder().encode(texts.join('\n')))
  return parser.end().entries
}

const addressOf = (text: string) => parseAddress(text)!
const lists = [
  entriesOf('203.0.113.0/24', '198.51.100.7'),
  entriesOf('192.0.2.1', '2001:db8:1::/48', '2001:db8::5'),
]
const covers = createEntryCover(lists)

it.each([
  ['203.0.113.0/24', true],
  ['203.0.113.9', true],
  ['203.0.113.128/25', true],
  ['203.0.112.0/23', false],
  ['203.0.114.1', false],
  ['198.51.100.7', true],
  ['198.51.100.0/24', false],
  ['192.0.2.1', true],
  ['192.0.2.2', false],
  ['2001:db8:1::', true],
  ['2001:db8:1:ffff::/64', true],
  ['2001:db8::/32', false],
  ['2001:db8::5', true],
  ['2001:db8::6', false],
])('an entry of one of the lists covers %s: %s', (text, expected) => {
  expect(covers(addressOf(text))).toBe(expected)
})

it('says the same as a comparison with each entry', () => {
  const entry = fc
    .tuple(
      fc.constantFrom('10.0.0.', '10.0.1.', '10.1.0.'),
      fc.nat(3),
      fc.constantFrom(32, 31, 24, 16, 15, 8, 1),
    )
    .map(([start, last, prefix]) => addressOf(`${start}${last}/${prefix}`).text)
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 5 }), { maxLength: 3 }), entry, (texts, text) => {
      const expected = texts.flat().some((each) => contains(addressOf(each), addressOf(text)))
      expect(createEntryCover(texts.map((list) => entriesOf(...list)))(addressOf(text))).toBe(expected)
    }),
  )
})
