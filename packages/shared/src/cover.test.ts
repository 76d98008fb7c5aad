import { describe, expect, it } from 'vitest'
import { contains, parseAddress, type Address } from './address.ts'
import { addressKey, addressOfKey } from './address-key.ts'
import { coverRangeOf, createCover } from './cover.ts'

const addressOf = (text: string) => parseAddress(text)!

describe('createCover', () => {
  const cover = createCover(
    [
      '203.0.113.0/24',
      '203.0.113.77',
      '203.0.0.0/8',
      '203.0.113.64/27',
      '2001:db8::/33',
      '2001:db8::/32',
      '0.0.0.0/1',
    ].map(addressOf),
  )

  it.each([
    ['203.0.113.77', ['203.0.0.0/8', '203.0.113.0/24', '203.0.113.64/27', '203.0.113.77']],
    ['::ffff:203.0.113.77', ['203.0.0.0/8', '203.0.113.0/24', '203.0.113.64/27', '203.0.113.77']],
    ['203.0.113.96', ['203.0.0.0/8', '203.0.113.0/24']],
    ['203.0.113.0/24', ['203.0.0.0/8', '203.0.113.0/24']],
    ['203.0.113.0/25', ['203.0.0.0/8', '203.0.113.0/24']],
    ['203.0.112.0/23', ['203.0.0.0/8']],
    ['127.255.255.255', ['0.0.0.0/1']],
    ['128.0.0.0', []],
    ['2001:db8:7fff::1', ['2001:db8::/32', '2001:db8::/33']],
    ['2001:db8:8000::1', ['2001:db8::/32']],
    ['2001:db9::1', []],
  ])('returns what covers %s, the widest first', (text, expected) => {
    expect(cover(addressOf(text))).toEqual(expected)
  })

  it('returns nothing for an empty set', () => {
    expect(createCover([])(addressOf('::1'))).toEqual([])
  })

  it('agrees with what each network contains', () => {
    const texts = ['10.0.0.0', '10.128.0.1', '172.16.33.1', 'fe80::1', '2001:db8:ffff:8000::'].flatMap(
      (host) =>
        [1, 7, 8, 9, 15, 17, 24, 31, 32, 47, 63, 64, 65, 127, 128].flatMap(
          (prefix) => parseAddress(`${host}/${prefix}`) ?? [],
        ),
    )
    const all = createCover(texts)
    for (const one of texts) {
      const expected = texts.filter((other) => contains(other, one)).map(({ text }) => text)
      expect(all(one).toSorted()).toEqual([...new Set(expected)].toSorted())
    }
  })
})

const holderKeysOf = (address: Address) => coverRangeOf(address).holders

describe('coverRangeOf', () => {
  it('returns every network around an address once, except itself and the whole family', () => {
    const holders = holderKeysOf(addressOf('192.0.2.129')).map(addressOfKey)
    expect(holders).toHaveLength(31)
    expect(holders[0]).toBe('128.0.0.0/1')
    expect(holders.at(-1)).toBe('192.0.2.128/31')
    expect(holderKeysOf(addressOf('2001:db8::1'))).toHaveLength(127)
    expect(holderKeysOf(addressOf('128.0.0.0/1'))).toEqual([])
    expect(holderKeysOf(addressOf('128.0.0.0/2')).map(addressOfKey)).toEqual(['128.0.0.0/1'])
  })

  it('returns keys as they are stored', () => {
    for (const key of holderKeysOf(addressOf('2001:db8:ff80::1')))
      expect(addressKey(addressOfKey(key))).toEqual(key)
  })
})
