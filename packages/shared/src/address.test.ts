import * as fc from 'fast-check'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isPublicIpv4 } from './address-kind.ts'
import { contains, isHostName, networkOf, parseAddress, throttleKey, type Address } from './address.ts'

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
const anyText = fc.oneof(addresses, networks)

describe('parseAddress', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['1.2.3.4/32', '1.2.3.4'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['192.0.2.129/25', '192.0.2.128/25'],
    ['1.2.3.4/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::', '::'],
    ['::1', '::1'],
    ['::1/128', '::1'],
    ['2001:db8::ffff/64', '2001:db8::/64'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::1/0', '::/0'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::FFFF:102:304', '1.2.3.4'],
    ['0:0:0:0:0:ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4/128', '1.2.3.4'],
    ['::ffff:1.2.3.4/120', '1.2.3.0/24'],
    ['::ffff:0:0/90', '::ffc0:0:0/90'],
    ['::1.2.3.4', '::102:304'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ])('parses %s as %s', (text, canonical) => {
    expect(parseAddress(text)?.text).toBe(canonical)
  })

  it.each([
    '',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4\n',
    '1.2.3',
    '1.2.3.4.5',
    '16909060',
    '0x1020304',
    '01.2.3.4',
    '1.2.3.04',
    '1.2.3.256',
    '1.2.3.-4',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/08',
    '1.2.3.4/255.255.255.0',
    '1.2.3.4/-1',
    '1.2.3.4/24/24',
    '١.٢.٣.٤',
    ':',
    ':::',
    ':1',
    '1:',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    '00001::',
    'g::1',
    '::1/129',
    'fe80::1%eth0',
    '::1%1',
    '[::1]',
    '::1.2.3',
    '::1.2.3.04',
    '::1.2.3.4:1',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::ffff:1.2.3.4/129',
    'localhost',
    '1.2.3.4; reboot',
    '-1',
    '1'.repeat(10_000),
    ':'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('returns its own text for a text that it returned', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = read(text)
        expect(parseAddress(once.text)).toEqual(once)
      }),
    )
  })

  it('writes IPv6 as the URL standard does', () => {
    fc.assert(
      fc.property(
        fc.ipV6().filter((text) => isIPv6(text) && read(text).family === 6),
        (text) => {
          expect(`[${read(text).text}]`).toBe(new URL(`http://[${text}]/`).hostname)
        },
      ),
    )
  })

  it('accepts what Node accepts as an address, and nothing else', () => {
    const almost = fc.stringMatching(/^[0-9a-f:.]{1,24}$/)
    fc.assert(
      fc.property(fc.oneof(almost, anyText), (text) => {
        if (text.includes('/')) return
        expect(parseAddress(text) !== undefined).toBe(isIPv4(text) || isIPv6(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('never throws, whatever the input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseAddress(text)).not.toThrow()
      }),
    )
  })
})

describe('kindOf an address', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.128.0.1', 'public'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['169.254.1.1', 'link_local'],
    ['fe80::1', 'link_local'],
    ['febf::1', 'link_local'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['3fff::1', 'documentation'],
    ['3fff:1000::1', 'public'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['0.0.0.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['4000::1', 'reserved'],
    ['8000::/1', 'reserved'],
    ['10.0.0.0/8', 'private'],
    ['10.0.0.0/7', 'public'],
    ['0.0.0.0/0', 'public'],
    ['::/0', 'public'],
    ['fe80::/64', 'link_local'],
  ])('%s is %s', (text, kind) => {
    expect(read(text).kind).toBe(kind)
  })

  it('is public for a number if it is public for the text', () => {
    const edges = '0 1 9 10 11 100 127 128 169 172 191 192 198 203 223 224 240 255'.split(' ').map(Number)
    const octet = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), ([a, b, c, d]) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d
        expect(isPublicIpv4(number)).toBe(read(`${a}.${b}.${c}.${d}`).kind === 'public')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('networks and their members', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['1.2.3.4', '1.2.3.4', true],
    ['1.2.3.4', '::ffff:1.2.3.4', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['::/0', '8.8.8.8', false],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(contains(read(network), read(address))).toBe(expected)
  })

  it('contains every address that it was made of', () => {
    fc.assert(
      fc.property(networks, (text) => {
        expect(contains(read(text), read(text.split('/')[0] ?? ''))).toBe(!isMappedBelow96(text))
      }),
    )
  })

  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2:3::', '2001:db8:1::/48'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.1.2.128/25', '10.1.2.0/24'],
  ])('%s is counted with %s', (text, network) => {
    expect(networkOf(read(text)).text).toBe(network)
  })

  it.each([
    ['192.0.2.77', '192.0.2.77'],
    ['::ffff:192.0.2.77', '192.0.2.77'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ])('attempts from %s are counted under %s', (text, key) => {
    expect(throttleKey(read(text))).toBe(key)
  })
})

describe('isHostName', () => {
  it.each(['localhost', 'home.example.org', 'home.example.org.', 'a', 'my_host-2.lan', 'jäil.example'])(
    'takes %s',
    (text) => expect(isHostName(text)).toBe(true),
  )
  it.each([
    '',
    '.',
    'a..b',
    '-a',
    'a-',
    'a b',
    'a,b',
    'file:/x',
    '%(office)s',
    '--all',
    '10.0.0.0/8',
    '::1',
    'a\nb',
  ])('takes no %j', (text) => expect(isHostName(text)).toBe(false))
})

/** A wide IPv6 network round mapped addresses: its host part reads as IPv4, of another family. */
function isMappedBelow96(text: string): boolean {
  const [host = '', length = ''] = text.split('/')
  return host.includes(':') && read(host).family === 4 && Number(length) < 96
}
