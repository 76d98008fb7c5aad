import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ipv4Entry, parseAddress, textOfIpv4, type SkipReason } from '@bangui/shared'
import { createAddressSet, guardAddress } from '../bans/guard-address.ts'
import { createAllowList } from '../ignores/allow-list.ts'
import { createRangeFilter, guardBy } from './list-guard.ts'

const allowed = createAllowList([
  { entry: '45.1.1.0/24', source: 'bangui', note: 'the office', by: 'Ada' },
  { entry: '2a01:1::/32', source: 'config', note: null, by: null },
])
const visitors = ['46.1.1.1', '2a02:1::1']
const own = ['47.1.1.1', '127.0.0.1']
const guard = guardBy({ allowed, visitors, own })
const bans = { session: createAddressSet(visitors), host: createAddressSet(own) }

const entryOf = (text: string) => {
  const { text: canonical = '', prefix = 32 } = parseAddress(text) ?? {}
  const number = canonical
    .split('/', 1)[0]!
    .split('.')
    .reduce((sum, part) => sum * 256 + Number(part), 0)
  return ipv4Entry(number, prefix)
}

describe('an entry of a list', () => {
  it.each<[string, SkipReason]>([
    ['0.0.0.0/0', 'too_wide'],
    ['32.0.0.0/7', 'too_wide'],
    ['2000::/8', 'too_wide'],
    ['0.0.0.0', 'private'],
    ['10.1.2.3', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.169.254', 'private'],
    ['fd00::1', 'private'],
    ['127.0.0.2', 'loopback'],
    ['::1', 'loopback'],
    ['45.1.1.7', 'allowed'],
    ['45.1.0.0/16', 'allowed'],
    ['2a01:1::5', 'allowed'],
    ['46.1.1.1', 'own_session'],
    ['46.1.0.0/16', 'own_session'],
    ['47.1.1.1', 'this_host'],
  ])('is not banned: %s, since it is %s', (text, reason) => {
    const found = text.includes(':') ? guard.skip(text) : guard.skipIpv4(entryOf(text))
    expect(found).toMatchObject({ reason, message: expect.stringMatching(/\.$/) })
  })

  it.each(['45.1.2.1', '45.0.0.0/16', '8.8.8.8', '2a01:2::1'])('is banned: %s', (text) => {
    expect(text.includes(':') ? guard.skip(text) : guard.skipIpv4(entryOf(text))).toBeUndefined()
  })

  it('is judged by its number as by its text', () => {
    const entry = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
      .map(([address, prefix]) => ipv4Entry(address, prefix))
    fc.assert(
      fc.property(entry, (number) => {
        expect(guard.skipIpv4(number)).toEqual(guard.skip(textOfIpv4(number)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('of IPv6 is judged by its start as by all of it', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const start = fc.oneof(
      fc.tuple(group, group),
      fc.constantFrom(
        [0x2a01, 1],
        [0x2a02, 1],
        [0x2001, 2],
        [0x2001, 0x1f],
        [0x2001, 0xdb8],
        [0x3fff, 0xfff],
        [0x2001, 0],
      ),
    )
    const host = { ...bans, allowed: [allowed], force: false }
    fc.assert(
      fc.property(start, group, fc.integer({ min: 0, max: 128 }), ([first, second], last, prefix) => {
        const text = `${first?.toString(16)}:${second?.toString(16)}::${last.toString(16)}/${prefix}`
        const address = parseAddress(text)?.text ?? ''
        const { refusal } = guardAddress(address, host)
        expect(guard.skip(address) !== undefined).toBe(refusal !== null)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the filter of ranges', () => {
  it('finds those that lie in one another', () => {
    const members = ['10.0.0.0/8', '10.1.0.0/16', '12.0.0.1', '2a01::1'].flatMap(
      (text) => parseAddress(text) ?? [],
    )
    const touches = createRangeFilter(members, 4)
    const at = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    expect(touches(at('10.200.0.0'), at('10.200.0.1'))).toBe(true)
    expect(touches(at('11.0.0.0'), at('12.0.0.0'))).toBe(false)
    expect(touches(at('11.0.0.0'), at('12.0.0.1'))).toBe(true)
    expect(touches(at('9.255.255.255'), at('9.255.255.255'))).toBe(false)
    expect(createRangeFilter([], 4)(0, 2 ** 32 - 1)).toBe(false)
  })
})
