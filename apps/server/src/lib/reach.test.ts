import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import {
  AddressRefused,
  checkLiteral,
  createLookup,
  createReach,
  parsePrivateUrl,
  type Resolve,
} from './reach.ts'

const nothing = createReach(false)

const refused = [
  ['loopback', '127.0.0.1'],
  ['another loopback', '127.8.8.8'],
  ['loopback', '::1'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
  ['private', '10.1.2.3'],
  ['private', '172.31.0.1'],
  ['private', '192.168.0.1'],
  ['shared by customers of a provider', '100.64.0.1'],
  ['link-local, where clouds have their metadata', '169.254.169.254'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['unique local', 'fd00::1'],
  ['site-local', 'fec0::1'],
  ['unspecified', '0.0.0.0'],
  ['unspecified', '::'],
  ['this network', '0.1.2.3'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['for documentation', '203.0.113.1'],
  ['for benchmarks', '198.18.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['local NAT64', '64:ff9b:1::7f00:1'],
  ['6to4', '2002:7f00:1::1'],
  ['Teredo', '2001:0:7f00:1::1'],
  ['compatible with IPv4', '::127.0.0.1'],
  ['no address', 'example.org'],
] as const

describe('the reach without exceptions', () => {
  it.each(refused)('has no %s address %s', (_what, address) => {
    expect(nothing(address, 443)).toBe(false)
  })

  it.each(['8.8.8.8', '::ffff:8.8.8.8', '2a00:1450::1'])('has the public address %s', (address) => {
    expect(nothing(address, 443)).toBe(true)
  })
})

describe('the reach with exceptions', () => {
  const reach = createReach(['192.168.1.0/24:25', '10.0.0.5', '[fd00::/8]:443', '::1'])

  it.each([
    ['192.168.1.9', 25, true],
    ['192.168.1.9', 26, false],
    ['192.168.2.9', 25, false],
    ['10.0.0.5', 80, true],
    ['::ffff:10.0.0.5', 80, true],
    ['10.0.0.6', 80, false],
    ['fd12::1', 443, true],
    ['fd12::1', 80, false],
    ['::1', 80, true],
    ['8.8.8.8', 80, true],
  ])('answers for %s at port %i: %s', (address, port, expected) => {
    expect(reach(address, port)).toBe(expected)
  })

  it('has everything where everything is allowed', () => {
    expect(createReach(true)('127.0.0.1', 22)).toBe(true)
  })

  it.each([
    '',
    'example.org',
    '10.0.0.5:0',
    '10.0.0.5:65536',
    '10.0.0.5:x',
    '[10.0.0.5',
    '[::1]:',
    'fd00::/8:99999',
  ])('does not understand the entry %j', (text) => {
    expect(parsePrivateUrl(text)).toBeUndefined()
  })
})

describe('a literal address', () => {
  it.each(['0x7f.1', '2130706433', '0177.0.0.1', '127.1', '[::ffff:127.0.0.1]', '[::1]', '169.254.169.254'])(
    'is refused in the spelling %s, before any connection',
    (host) => {
      const { hostname } = new URL(`http://${host}/`)
      expect(() => checkLiteral({ hostname, port: 80 }, nothing)).toThrow(AddressRefused)
    },
  )

  it('is no name', () => {
    expect(() => checkLiteral({ hostname: 'localhost', port: 80 }, nothing)).not.toThrow()
    expect(() => checkLiteral({ hostname: '8.8.8.8', port: 80 }, nothing)).not.toThrow()
  })
})

describe('the look-up of a connection', () => {
  const resolveTo =
    (...found: string[]): Resolve =>
    (_name, _options, callback) =>
      callback(
        null,
        found.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
  const look = (resolve: Resolve, all: boolean) =>
    new Promise((done, fail) => {
      createLookup({ hostname: 'lists.example.org', port: 80 }, nothing, resolve)(
        'lists.example.org',
        { all },
        (error, found) => (error ? fail(error) : done(found)),
      )
    })

  it('returns the addresses that it has checked', async () => {
    const resolve = resolveTo('8.8.8.8', '2a00:1450::1')
    expect(await look(resolve, false)).toBe('8.8.8.8')
    expect(await look(resolve, true)).toHaveLength(2)
  })

  it('refuses a name if one of its addresses may not be reached', async () => {
    await expect(look(resolveTo('8.8.8.8', '10.0.0.1'), true)).rejects.toThrow(
      'lists.example.org is 10.0.0.1, which is not a public address',
    )
  })

  it('passes on that a name has no address', async () => {
    await expect(look(resolveTo(), false)).rejects.toThrow('no address')
    await expect(
      look((_name, _options, callback) => callback(new Error('SERVFAIL'), []), true),
    ).rejects.toThrow('SERVFAIL')
  })
})
