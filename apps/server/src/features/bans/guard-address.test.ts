import { describe, expect, it } from 'vitest'
import { createAllowList } from '../ignores/allow-list.ts'
import { createAddressSet, guardAddress, ownAddresses, refusalText } from './guard-address.ts'

const guard = {
  session: createAddressSet(['203.0.113.50', '2001:db8:9::1']),
  host: createAddressSet(['203.0.113.1', '2001:db8::1']),
  allowed: [
    createAllowList(
      ['198.51.100.0/24', '203.0.113.200', 'host.example.org', 'file:/x', '2a00::/32'].map((entry) => ({
        entry,
        source: 'config',
        note: null,
        by: null,
      })),
    ),
  ],
  force: false,
}

const refused = (text: string, force = false) => guardAddress(text, { ...guard, force }).refusal

describe('an address that may not be banned without insisting', () => {
  it.each([
    ['203.0.113.50', 'own_session'],
    ['::ffff:203.0.113.50', 'own_session'],
    ['203.0.113.32/27', 'own_session'],
    ['2001:db8:9::/64', 'own_session'],
    ['203.0.113.1', 'this_host'],
    ['203.0.113.0/30', 'this_host'],
    ['2001:DB8:0:0::1', 'this_host'],
    ['127.0.0.1', 'loopback'],
    ['127.9.8.7', 'loopback'],
    ['::1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.0/24', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.169.254', 'private'],
    ['172.0.0.0/8', 'private'],
    ['fe80::1', 'private'],
    ['fd12::1', 'private'],
    ['224.0.0.251', 'private'],
    ['ff02::1', 'private'],
    ['0.0.0.0', 'private'],
    ['255.255.255.255', 'private'],
    ['::', 'private'],
    ['198.51.100.7', 'ignored'],
    ['198.51.0.0/16', 'ignored'],
    ['203.0.113.200', 'ignored'],
    ['2a00::1', 'ignored'],
    ['32.0.0.0/7', 'too_wide'],
    ['2a02::/15', 'too_wide'],
  ])('%s is refused as %s, and banned with force', (text, reason) => {
    expect(refused(text)).toBe(reason)
    expect(refused(text, true)).toBeNull()
  })
})

describe('what is no address', () => {
  it.each([
    '',
    'not-an-ip.invalid',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.4.5',
    '1.2.3.4/33',
    '-x',
    '1.2.3.4\n5.6.7.8',
    '1.2.3.4; reboot',
    'fe80::1%eth0',
    '::1::',
  ])('%j is refused, whoever insists', (text) => {
    expect(refused(text)).toBe('invalid')
    expect(refused(text, true)).toBe('invalid')
  })
})

describe('a network of length 0', () => {
  it.each(['0.0.0.0/0', '1.2.3.4/0', '::/0', '2a00::1/0', '::ffff:0:0/96', '::ffff:9.9.9.9/96'])(
    '%s is refused, whoever insists',
    (text) => {
      expect(refused(text)).toBe('whole_family')
      expect(refused(text, true)).toBe('whole_family')
    },
  )
})

describe('an address that may be banned', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 45.1.2.3 ', '45.1.2.3'],
    ['198.18.0.7', '198.18.0.7'],
    ['45.0.0.0/8', '45.0.0.0/8'],
    ['45.1.2.3/16', '45.1.0.0/16'],
    ['2A01:4F8::0001', '2a01:4f8::1'],
    ['::ffff:45.1.2.3', '45.1.2.3'],
    ['2a02::/16', '2a02::/16'],
  ])('%j is taken as %s', (text, canonical) => {
    expect(guardAddress(text, guard)).toMatchObject({ address: { text: canonical }, refusal: null })
  })
})

it('says a sentence for each refusal', () => {
  expect(refusalText('own_session')).toMatch(/lock yourself out\.$/)
})

it('knows the addresses of this machine and those that BanGUI is reached through', () => {
  const own = ownAddresses({ publicUrl: 'https://[2001:db8::5]:8443/', trustProxy: ['192.0.2.80'] })
  expect(own).toContain('127.0.0.1')
  expect(own).toContain('2001:db8::5')
  expect(own).toContain('192.0.2.80')
  expect(() => ownAddresses({ publicUrl: null, trustProxy: [] })).not.toThrow()
})
