import * as fc from 'fast-check'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { addressKey, addressOfKey, keyRangeOf, networkKeyOf } from './address-key.ts'
import { contains, networkOf, parseAddress, type Address } from './address.ts'

function read(text: string): Address {
  const address = parseAddress(text)
  if (!address) throw new Error(`not an address: ${text}`)
  return address
}

const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV6().filter((text) => isIPv6(text)),
)
const networks = fc
  .tuple(addresses, fc.nat(128))
  .map(([text, length]) => `${text}/${isIPv4(text) ? length % 33 : length}`)
const anyAddress = fc.oneof(addresses, networks).map(read)
/** Near one another, so that one often holds the other. */
const neighbours = fc
  .tuple(fc.constantFrom('10.1.', '10.128.'), fc.nat(3), fc.nat(3), fc.integer({ min: 5, max: 32 }))
  .map(([start, c, d, prefix]) => read(`${start}${c}.${d}/${prefix}`))
const inside = (key: Uint8Array, network: Address) => {
  const { from, to } = keyRangeOf(network)
  return Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) <= 0
}

describe('addressKey', () => {
  it('returns the canonical text of an address or network', () => {
    fc.assert(
      fc.property(anyAddress, ({ text }) => {
        expect(addressOfKey(addressKey(text))).toBe(text)
      }),
    )
  })

  it('is the same for every spelling of an address', () => {
    for (const text of ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', '2001:db8::1/128'])
      expect(addressKey(text)).toEqual(addressKey('2001:db8::1'))
    expect(addressKey('::ffff:1.2.3.4')).toEqual(addressKey('1.2.3.4'))
    expect(addressKey('10.1.2.3/8')).toEqual(addressKey('10.0.0.0/8'))
  })

  it.each([
    '1.2.3',
    '1.2.3.',
    '1.2.3.256',
    '1.2.3.04',
    '1..2.3',
    '.1.2.3',
    '1.2.3.4.5',
    'a.example.net',
    '',
    '€',
  ])('keeps %j, which is not an address, as text', (text) => {
    expect(addressKey(text)[0]).toBe(0)
    expect(addressOfKey(addressKey(text))).toBe(text)
  })

  it('accepts addresses in any spelling, and nothing else', () => {
    const part = fc.constantFrom(
      '0',
      '1',
      'ffff',
      'FFFF',
      '00fe',
      '12345',
      'g',
      ':',
      '::',
      '1.2.3.4',
      '/64',
      '',
    )
    const nearly = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(':'))
    const scrambled = fc.string({
      unit: fc.constantFrom('0', '1', 'f', 'A', ':', ':', '.', '/'),
      maxLength: 20,
    })
    fc.assert(
      fc.property(fc.oneof(nearly, scrambled), (text) => {
        expect(addressOfKey(addressKey(text))).toBe(parseAddress(text)?.text ?? text)
      }),
      { numRuns: 5_000 },
    )
  })

  it('accepts any text, keeps at most 255 bytes of it, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const key = addressKey(text)
        expect(key.length).toBeLessThanOrEqual(256)
        expect(text.toWellFormed().startsWith(addressOfKey(key))).toBe(true)
      }),
      { examples: [[`x${'€'.repeat(100)}`]] },
    )
  })

  it('sorts IPv4 by number', () => {
    const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
        const order = Buffer.compare(addressKey(a), addressKey(b))
        expect(order).toBe(Math.sign(number(a) - number(b)))
      }),
    )
  })
})

describe('keyRangeOf', () => {
  it('contains the keys of everything in the network, and no others', () => {
    const pair = fc.oneof(fc.tuple(anyAddress, anyAddress), fc.tuple(neighbours, neighbours))
    fc.assert(
      fc.property(pair, ([network, other]) => {
        expect(inside(addressKey(other.text), network)).toBe(contains(network, other))
      }),
      { numRuns: 1000 },
    )
  })

  it('contains a single key for an address', () => {
    const { from, to } = keyRangeOf(read('10.0.0.1'))
    expect(from).toEqual(to)
  })
})

describe('networkKeyOf', () => {
  it('returns the key of the network around an address', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const network = addressOfKey(networkKeyOf(addressKey(address.text)))
        expect(network).toBe(networkOf(address).text)
      }),
    )
  })

  it('returns other text as it is', () => {
    expect(addressOfKey(networkKeyOf(addressKey('a.example.net')))).toBe('a.example.net')
  })
})
