import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWithPython } from '../../test/fail2ban-reader.ts'
import { MAX_FILE_BYTES, parseIni, readIni } from './ini-file.ts'

const valuesOf = (text: string) => {
  const all: Record<string, Record<string, string>> = { DEFAULT: {} }
  for (const { name, options } of parseIni(text).sections) {
    const section = (all[name] ??= {})
    for (const { key, value } of options) section[key] = value
  }
  return all
}

const texts: readonly [string, string][] = [
  ['plain', '[a]\nkey = value\n'],
  ['colon and case', '[a]\nKey: value\nOther:x\n'],
  ['many lines', '[a]\nlogpath = /var/log/a\n          /var/log/b\n\n  /var/log/c\n\n\nx = 1\n'],
  ['value on the next line', '[a]\nlogpath =\n  /var/log/a\n  /var/log/b\n'],
  ['comments inside a value', '[a]\naction = one\n# no\n   # no\n         two ; no\n  ;no\n  three;yes\n'],
  ['inline comments', '[a]\nx = 1 ; no\ny = 1;yes\nz = 1 # yes\nw =;yes\nv = ; no\n'],
  ['carriage returns', '[a]\r\nx = 1\r\n  2\r\n\r\n[b]\ry = 2\r'],
  ['no end of line', '[a]\nx = 1'],
  ['indented options', '[a]\n   x = 1\n  y = 2\n   z = 3\n [b]\n  q = 1\n'],
  ['twice [DEFAULT]', '[DEFAULT]\na = 1\n[b]\nx = 1\n[DEFAULT]\nc = 1\n'],
  ['odd headers', '[a] rest\nx = 1\n[b]c]\ny = 1\n[ d ]\nz = 1\n'],
  ['white space that only Python strips', '[a]\nx = \u001f1\u0085\n\u001fy = 2\n'],
  ['white space that only JavaScript strips', '[a]\nx = \uFEFF1\uFEFF\n'],
  ['an equals sign in the value', '[a]\nx = y = z:w\n'],
  ['empty', ''],
]

describe('reading a file', () => {
  it.each(texts)('reads %s as fail2ban does', async (_, text) => {
    const [expected] = await parseWithPython([text])
    expect(expected).not.toBeNull()
    expect(parseIni(text).problems).toEqual([])
    expect(valuesOf(text)).toEqual(expected)
  })

  it.each([
    ['a setting before the first section', 'x = 1\n[a]\ny = 1\n', 1],
    ['a line without "="', '[a]\nfoo\ny = 1\n', 2],
    ['a setting twice', '[a]\nx = 1\n\ny = 1\nX = 2\n', 5],
    ['a section twice', '[a]\nx = 1\n[a]\ny = 1\n', 3],
    ['a setting without a name', '[a]\n= 1\ny = 1\n', 2],
    ['a byte order mark', '\uFEFF[a]\ny = 1\n', 1],
  ])('names the line of %s, which fail2ban refuses, and reads on', async (_, text, line) => {
    expect(await parseWithPython([text])).toEqual([null])
    expect(parseIni(text).problems.map((problem) => problem.line)).toEqual([line])
    expect(valuesOf(text)['a']).toMatchObject({ y: '1' })
  })

  it('says where a file is not valid UTF-8, and takes nothing from it', () => {
    const file = readIni(Buffer.from([...Buffer.from('[a]\nx = 1\ny = '), 0xff, 0x0a]))
    expect(file.sections).toEqual([])
    expect(file.problems).toEqual([{ line: 3, message: expect.stringContaining('UTF-8'), kind: 'encoding' }])
  })

  it('does not read a file above 10 MB', () => {
    expect(readIni(new Uint8Array(MAX_FILE_BYTES + 1)).problems).toHaveLength(1)
  })

  it('knows the lines of each option', () => {
    const [section] = parseIni('# top\n[a]\nx = 1\n\n  2\n# no\n  3\n\ny = 4\n').sections
    expect(section).toMatchObject({ name: 'a', line: 2 })
    expect(section?.options).toEqual([
      { key: 'x', value: '1\n\n2\n3', line: 3, continuation: [4, 5, 7] },
      { key: 'y', value: '4', line: 9, continuation: [] },
    ])
  })

  it('reads whatever people write as fail2ban does, or has a problem with it, and loses no byte', async () => {
    const piece = fc.constantFrom(
      '[a]',
      '[b]',
      '[DEFAULT]',
      'x',
      'y',
      'Z',
      ' = ',
      '=',
      ':',
      ' ',
      '  ',
      '\t',
      '\n',
      '\n',
      '\r\n',
      '# c',
      ';',
      ' ; c',
      '1',
      'é',
      '%',
      '[',
      ']',
    )
    const many = fc.sample(
      fc.array(piece, { maxLength: 40 }).map((parts) => `[s]\n${parts.join('')}`),
      3000,
    )
    const expected = await parseWithPython(many)
    for (const [index, text] of many.entries()) {
      const file = parseIni(text)
      expect(file.lines.map((line) => line.text + line.end).join('')).toBe(text)
      const values = file.problems.length > 0 ? null : valuesOf(text)
      expect({ text, values }).toEqual({ text, values: expected[index] })
    }
  })
})
