import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { nameOfBan } from './ban-name.ts'

describe('the name of a ban', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['1.2.3.4/24', '1.2.3.0/24'],
  ])('of the address %s is its canonical text', (id, name) => {
    expect(nameOfBan(id)).toBe(name)
  })

  it.each([
    'example.com',
    '-x',
    '01.2.3.6',
    'evil"; rm -rf',
    '<b>x</b>',
    'a  b',
    'Ünï',
    'fe80::1%eth0',
    '🦊',
  ])('of what is none is that: %s', (id) => {
    expect(nameOfBan(id)).toBe(id)
  })

  it.each([
    ['', '""'],
    ['..', '".."'],
    [' 1.2.3.5', '" 1.2.3.5"'],
    ['1.2.3.4\n', String.raw`"1.2.3.4\u{a}"`],
    ['a\nb', String.raw`"a\u{a}b"`],
    ['a\u001b[31mc', String.raw`"a\u{1b}[31mc"`],
    ['x\u202ey', String.raw`"x\u{202e}y"`],
    ['x\u200by\u00a0z', String.raw`"x\u{200b}y\u{a0}z"`],
    ['x\u3164y\u034fz', String.raw`"x\u{3164}y\u{34f}z"`],
    ['\ud800', String.raw`"\u{d800}"`],
    ['"x"', String.raw`"\"x\""`],
  ])('of what cannot be seen, %j, is in quotes', (id, name) => {
    expect(nameOfBan(id)).toBe(name)
  })

  it('is short, and another one for each id all the same', () => {
    const [one, other] = ['z', 'é'].flatMap((letter) => [letter.repeat(900), `${letter.repeat(900)}!`])
    expect(nameOfBan(one ?? '')).not.toBe(nameOfBan(other ?? ''))
    expect(nameOfBan(nameOfBan(one ?? ''))).not.toBe(nameOfBan(one ?? ''))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (a, b) => {
        const name = nameOfBan(a)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
        expect(name).not.toMatch(/\p{C}/u)
        expect(name === nameOfBan(b)).toBe(a === b)
      }),
    )
  })
})
