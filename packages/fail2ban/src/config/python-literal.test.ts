import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePythonLiteral, PythonLiteralError } from './python-literal.ts'

describe('reading a Python literal', () => {
  it.each([
    [`['add', 'sshd', "it's"]`, ['add', 'sshd', "it's"]],
    [`[1, -2, 1.5, 1e3, True, False, None]`, [1, -2, 1.5, 1000, true, false, null]],
    [`('a', ('b',), (), (1))`, ['a', ['b'], [], 1]],
    [`{'stacksize': 0, 1: ['x']}`, { stacksize: 0, 1: ['x'] }],
    [String.raw`'\\ \' \" \n \t \x41 \u00e9 \U0001f600 \101 \a'`, `\\ ' " \n \t A é 😀 A \u0007`],
    [
      String.raw`[u'a', r'\n\'', b'\x00\xff', rb'\d']`,
      ['a', String.raw`\n\'`, '\u0000\u00ff', String.raw`\d`],
    ],
    [` [ 'a' , [ ] , ] `, ['a', []]],
    [`{'users': {'a', 'b'}, 'one': {'c'}}`, { users: ['a', 'b'], one: ['c'] }],
  ])('reads %s', (text, value) => {
    expect(parsePythonLiteral(text)).toEqual(value)
  })

  it.each([
    '',
    '[',
    `['a'`,
    `'a`,
    `'a\nb'`,
    `['a' 'b']`,
    `[a]`,
    `__import__('os')`,
    `['a'] x`,
    `1 + 1`,
    `1_000`,
    `[,]`,
    `{[1]: 2}`,
    String.raw`'\q'`,
    String.raw`'\x4'`,
    String.raw`'\N{DIGIT ONE}'`,
    String.raw`'\U99999999'`,
    'Truex',
    '0x10',
    '1j',
    `f'{1}'`,
    `'\\`,
    '['.repeat(100_000),
  ])('refuses what is none (%#)', (text) => {
    expect(() => parsePythonLiteral(text)).toThrow(PythonLiteralError)
  })

  it('reads what Python prints, whatever the text', () => {
    const texts = fc.sample(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 5 }), 500)
    const script =
      'import json, sys\nfor value in json.load(sys.stdin): print(ascii(value) if len(value) % 2 else repr(value))'
    const options = {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      env: { PYTHONIOENCODING: 'utf-8:surrogatepass' },
    } as const
    const printed = execFileSync('/usr/bin/python3', ['-c', script], options).split('\n').slice(0, -1)
    expect(printed.map(parsePythonLiteral)).toEqual(texts)
  })

  it('never fails with anything but its own error', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      "'",
      '"',
      ',',
      ':',
      '\\',
      'x4',
      'u',
      'b',
      'r',
      '1',
      '-',
      '.',
      'e',
      'None',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
        const error = errorOf(() => parsePythonLiteral(parts.join('')))
        expect(error === undefined || error instanceof PythonLiteralError).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

function errorOf(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
