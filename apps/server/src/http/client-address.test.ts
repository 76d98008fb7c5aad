import { expect, it } from 'vitest'
import { createClientAddresses } from './client-address.ts'

const local = { trusted: ['127.0.0.1'], peer: '127.0.0.1' }
const nested = { trusted: ['127.0.0.1', '10.0.0.0/8'], peer: '127.0.0.1' }
const stranger = '198.51.100.1'

interface Case {
  readonly title: string
  readonly trusted: string[]
  readonly peer: string
  readonly says?: string
  readonly address: string
  readonly shared?: boolean
}

const cases: Case[] = [
  { title: 'the peer without a proxy', trusted: [], peer: '192.0.2.1', address: '192.0.2.1' },
  {
    title: 'the peer where nobody is trusted, whatever it says',
    trusted: [],
    peer: '192.0.2.1',
    says: stranger,
    address: '192.0.2.1',
    shared: true,
  },
  {
    title: 'the peer where another one is trusted',
    trusted: ['10.0.0.1'],
    peer: '192.0.2.1',
    says: stranger,
    address: '192.0.2.1',
    shared: true,
  },
  { title: 'what a trusted proxy says', ...local, says: stranger, address: stranger },
  { title: 'the proxy itself where it says nothing', ...local, address: '127.0.0.1', shared: true },
  { title: 'whatever stands there where it is no address', trusted: [], peer: '', address: '', shared: true },
  {
    title: 'the rightmost that is not trusted',
    ...nested,
    says: `6.6.6.6, ${stranger}, 10.1.2.3`,
    address: stranger,
  },
  {
    title: 'nothing that stands left of nonsense',
    ...nested,
    says: '6.6.6.6, unknown, 10.1.2.3',
    address: '10.1.2.3',
    shared: true,
  },
  {
    title: 'the leftmost where all are trusted',
    trusted: ['10.0.0.0/8'],
    peer: '10.0.0.1',
    says: '10.0.0.3, 10.0.0.2',
    address: '10.0.0.3',
    shared: true,
  },
  {
    title: 'what an IPv4 peer in IPv6 clothes says',
    ...local,
    peer: '::ffff:127.0.0.1',
    says: stranger,
    address: stranger,
  },
  {
    title: 'an IPv6 caller with a port',
    trusted: ['::1'],
    peer: '::1',
    says: '[2001:db8::1]:443',
    address: '2001:db8::1',
  },
  {
    title: 'an IPv4 caller with a port',
    trusted: ['fd00::/8'],
    peer: 'fd12::1',
    says: `${stranger}:5555`,
    address: stranger,
  },
]

it.each(cases)('is $title', ({ trusted, peer, says = null, address, shared = false }) => {
  const caller = createClientAddresses(trusted).of({
    peer,
    forwardedFor: says,
    forwardedProto: null,
    forwarded: says !== null,
  })
  expect(caller).toEqual({ address, shared, secure: false })
})

it.each([
  ['127.0.0.1', 'https', true],
  ['127.0.0.1', 'http', false],
  ['127.0.0.1', 'http, https', true],
  ['192.0.2.1', 'https', false],
])('from %s with the scheme %s is secure: %s', (peer, forwardedProto, secure) => {
  const caller = createClientAddresses(['127.0.0.1']).of({
    peer,
    forwardedFor: null,
    forwardedProto,
    forwarded: true,
  })
  expect(caller.secure).toBe(secure)
})
