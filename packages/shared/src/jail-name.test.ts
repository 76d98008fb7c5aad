import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJailName, JailName } from './jail-name.ts'

describe('isJailName', () => {
  it.each([
    'sshd',
    'nginx-http-auth',
    '3proxy',
    'a.b',
    'my jail',
    ' a ',
    'jäil',
    '監獄',
    'a,b',
    'a, b',
    'a/b',
    'a+b',
    'a:b',
    'a]b',
    'a=b',
    "it's",
    '"x"',
    '100%',
    '..',
    '../sshd',
    '-x',
    '.hidden',
    '__proto__',
    'KNOWN',
    'Definition',
    'A'.repeat(255),
  ])('accepts %j', (name) => {
    expect(isJailName(name)).toBe(true)
    expect(JailName.parse(name)).toBe(name)
  })

  it.each([
    '',
    '--all',
    'logtarget',
    'thread',
    'sshd\n',
    'sshd\nenabled = true',
    'a\tb',
    'a\0b',
    'a\u0085b',
    'a\u009bb',
    'a\ud800b',
    'a<F2B_END_COMMAND>b',
    '<F2B_CLOSE_COMMAND>',
    'A'.repeat(256),
    'a'.repeat(10_000),
  ])('refuses %j', (name) => {
    expect(isJailName(name)).toBe(false)
    expect(JailName.safeParse(name).success).toBe(false)
  })

  it('accepts no name that could be another line, a command, or invalid Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(isJailName(name) && /[\u0000-\u001f\u007f-\u009f]|<F2B_END|\p{Cs}/u.test(name)).toBe(false)
      }),
    )
  })
})
