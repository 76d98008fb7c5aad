import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePickle } from './decode-pickle.ts'
import { CommandError, encodeCommand, maxCommandBytes } from './encode-command.ts'

describe('encodeCommand', () => {
  test('writes ping as fail2ban documents it', () => {
    expect(Buffer.from(encodeCommand(['ping'])).toString('latin1')).toBe(
      '\x80\x02](X\x04\0\0\0pinge.<F2B_END_COMMAND>',
    )
  })

  test('writes any texts so that they can be read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (args) => {
        expect(decodePickle(encodeCommand(args))).toEqual(args)
      }),
    )
  })

  test.each<[string, string[]]>([
    ['the text that ends a command', ['echo', 'a<F2B_END_COMMAND>b']],
    ['half of a surrogate pair', ['echo', 'a\ud800b']],
    ['a giant argument', ['echo', 'x'.repeat(maxCommandBytes + 1)]],
    ['a giant command', Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024))],
    ['what is no text', [1 as unknown as string]],
  ])('refuses %s', (_name, args) => {
    expect(() => encodeCommand(args)).toThrow(CommandError)
  })
})
