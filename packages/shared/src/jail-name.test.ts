import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJailName, JailName } from './jail-name.ts'

describe('isJailName', () => {
  it.each(['sshd', 'nginx-http-auth', 'recidive', '3proxy', '_x', 'a.b', 'A'.repeat(255)])(
    'takes %s',
    (name) => {
      expect(isJailName(name)).toBe(true)
      expect(JailName.parse(name)).toBe(name)
    },
  )

  it.each([
    '',
    ' ',
    'DEFAULT',
    'INCLUDES',
    'KNOWN',
    'Definition',
    'Init',
    '-x',
    '--all',
    '.hidden',
    '..',
    'a..b',
    '../sshd',
    'a/b',
    'ssh d',
    'sshd\n',
    'sshd\nenabled = true',
    'a]b',
    'a\0b',
    'jäil',
    'A'.repeat(256),
    'a'.repeat(10_000),
  ])('refuses %j', (name) => {
    expect(isJailName(name)).toBe(false)
    expect(JailName.safeParse(name).success).toBe(false)
  })

  it('takes no name that could be a path, an option or another line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(isJailName(name) && /^[-.]|[/\\\s\p{C}[\]=]|\.\./u.test(name)).toBe(false)
      }),
    )
  })
})
