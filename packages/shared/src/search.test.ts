import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressOfKey } from './address-key.ts'
import { parseSearch } from './search.ts'

const rangeOf = (text: string) => {
  const { addresses } = parseSearch(text)
  return addresses && [addressOfKey(addresses.from), addressOfKey(addresses.to)]
}

it.each([
  ['jail:sshd', { jail: 'sshd' }],
  ['country:de', { country: 'DE' }],
  ['DE', { country: 'DE' }],
  ['??', { country: '??' }],
  ['ssh', { text: 'ssh' }],
  ['  JAIL:nginx-bots   fr ', { jail: 'nginx-bots', country: 'FR' }],
  ['', {}],
  ['jail:"my jail" DE', { jail: 'my jail', country: 'DE' }],
  ['"my jail', { text: 'my jail' }],
  ['behind the "to do" list DE', { text: 'behind the to do list', country: 'DE' }],
  ['"" " "', {}],
])('parseSearch reads %j', (text, search) => {
  expect(parseSearch(text)).toEqual(search)
})

it.each([
  ['203.0.113.9', ['203.0.113.9', '203.0.113.9']],
  ['203.0.113.0/24', ['203.0.113.0/24', '203.0.113.255']],
  ['203.0.', ['203.0.0.0/16', '203.0.255.255']],
  ['203.0.113', ['203.0.113.0/24', '203.0.113.255']],
  ['203', ['203.0.0.0/8', '203.255.255.255']],
  ['2001:db8:', ['2001:db8::/32', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff']],
  ['2001:db8::', ['2001:db8::/32', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff']],
  ['2001:db8::1', ['2001:db8::1', '2001:db8::1']],
])('parseSearch reads %j as a range of addresses', (text, range) => {
  expect(rangeOf(text)).toEqual(range)
})

it.each(['jail:', 'country:germany', '1.2.3.4/99', '1.2.3.4 5.6.7.8', 'DE FR'])(
  'parseSearch reports what it ignored in %j',
  (text) => {
    expect(parseSearch(text).problem).toMatch(/“.*”/)
  },
)

it('parseSearch keeps the address in the text', () => {
  expect(parseSearch('sshd 203.0.113.7/24')).toMatchObject({
    text: 'sshd',
    address: { text: '203.0.113.0/24' },
  })
})

it('parseSearch never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(parseSearch(text)).toBeTypeOf('object')
    }),
  )
})
