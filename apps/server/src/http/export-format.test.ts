import { describe, expect, it } from 'vitest'
import { exportFormats, type Cell } from './export-format.ts'

const { csv, jsonl } = exportFormats

describe('CSV', () => {
  it.each<[string, Cell[], string]>([
    ['texts, numbers, truth values and nothing', ['a', 1, true, null], 'a,1,true,'],
    [
      'what has a comma, a quote or a line break in quotes',
      ['a,b', 'say "x"', 'a\r\nb'],
      '"a,b","say ""x""","a\r\nb"',
    ],
    ['no text in full width as a formula', ['＝1+1', '＠x'], "'＝1+1,'＠x"],
    ['no text as a formula', ['=1+1', '+1', '-1', '@x', '\tx'], "'=1+1,'+1,'-1,'@x,'\tx"],
    [
      'no quoted text as a formula',
      ['=HYPERLINK("http://x","y")', '\rx'],
      '"\'=HYPERLINK(""http://x"",""y"")","\'\rx"',
    ],
    [
      'no formula where a semicolon or a line break begins a cell',
      ['x;=1+1;-2', 'a;b;c-d', 'y\n@z'],
      `x;'=1+1;'-2,a;b;c-d,"y\n'@z"`,
    ],
    ['a number that is below nothing as it is', [-1], '-1'],
  ])('writes %s', (_title, cells, line) => {
    expect(csv.row([], cells)).toBe(`${line}\r\n`)
  })

  it('begins with the names of the columns', () => {
    expect(csv.header(['address', 'jail'])).toBe('address,jail\r\n')
  })
})

it('JSON lines are an object each, whatever is in them', () => {
  expect(jsonl.header(['a'])).toBe('')
  const line = jsonl.row(['a', 'b', 'c'], ['=1\n"2"', -1, null])
  expect(line).toBe('{"a":"=1\\n\\"2\\"","b":-1,"c":null}\n')
})
