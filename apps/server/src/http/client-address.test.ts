import { expect, it } from 'vitest'
import { createClientAddresses } from './client-address.ts'

const cases: [
  title: string,
  trusted: string[],
  peer: string,
  forwardedFor: string | null,
  address: string,
  shared: boolean,
][] = [
  ['the peer without a proxy', [], '192.0.2.1', null, '192.0.2.1', false],
  ['the peer where nobody is trusted, whatever it says', [], '192.0.2.1', '198.51.100.1', '192.0.2.1', true],
  ['the peer where another one is trusted', ['10.0.0.1'], '192.0.2.1', '198.51.100.1', '192.0.2.1', true],
  ['what a trusted proxy says', ['127.0.0.1'], '127.0.0.1', '198.51.100.1', '198.51.100.1', false],
  ['the proxy itself where it says nothing', ['127.0.0.1'], '127.0.0.1', null, '127.0.0.1', false],
  [
    'the rightmost that is not trusted',
    ['127.0.0.1', '10.0.0.0/8'],
    '127.0.0.1',
    '6.6.6.6, 198.51.100.1, 10.1.2.3',
    '198.51.100.1',
    false,
  ],
  [
    'nothing that stands left of nonsense',
    ['127.0.0.1', '10.0.0.0/8'],
    '127.0.0.1',
    '6.6.6.6, unknown, 10.1.2.3',
    '10.1.2.3',
    false,
  ],
  ['the leftmost where all are trusted', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3', false],
  ['an IPv4 peer in IPv6 clothes', ['127.0.0.1'], '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1', false],
  ['an IPv6 caller with a port', ['::1'], '::1', '[2001:db8::1]:443', '2001:db8::1', false],
  ['an IPv4 caller with a port', ['fd00::/8'], 'fd12::1', '198.51.100.1:5555', '198.51.100.1', false],
]

it.each(cases)('is %s', (_title, trusted, peer, forwardedFor, address, shared) => {
  const caller = createClientAddresses(trusted).of({ peer, forwardedFor, forwardedProto: null })
  expect(caller).toEqual({ address, shared, secure: false })
})

it.each([
  ['127.0.0.1', 'https', true],
  ['127.0.0.1', 'http', false],
  ['127.0.0.1', 'http, https', true],
  ['192.0.2.1', 'https', false],
])('from %s with the scheme %s is secure: %s', (peer, forwardedProto, secure) => {
  const caller = createClientAddresses(['127.0.0.1']).of({ peer, forwardedFor: null, forwardedProto })
  expect(caller.secure).toBe(secure)
})
