import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWithPython } from '../../test/fail2ban-reader.ts'
import { ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import { removeOption, setOption } from './edit-ini.ts'
import { parseIni } from './ini-file.ts'

const valueOf = (text: string, section: string, key: string) =>
  parseIni(text)
    .sections.filter(({ name }) => name === section)
    .flatMap(({ options }) => options)
    .findLast((option) => option.key === key.toLowerCase())?.value

describe('setting an option', () => {
  it.each([
    ['in place', '# top\n[a]\nx = 1\ny = 2\n', '# top\n[a]\nx = 9\ny = 2\n'],
    ['keeping how it is written', '[a]\n  X:1 ; why\n', '[a]\n  X:9 ; why\n'],
    ['keeping carriage returns', '[a]\r\nx = 1\r\ny = 2\r\n', '[a]\r\nx = 9\r\ny = 2\r\n'],
    [
      'over several lines, comments kept',
      '[a]\nx = 1\n  # why\n  2\n\n  3\n\ny = 2\n',
      '[a]\nx = 9\n  # why\n\ny = 2\n',
    ],
    ['that was empty', '[a]\nx =\n', '[a]\nx = 9\n'],
    ['whose value begins on the next line', '[a]\nx =\n   1\n   2\ny = 2', '[a]\nx = 9\ny = 2'],
    ['without an end of line', '[a]\nx = 1', '[a]\nx = 9'],
    ['the last one where it is there twice', '[a]\nx = 1\nx = 2\n', '[a]\nx = 1\nx = 9\n'],
    [
      'that is new, after the last one',
      '[a]\ny = 2\n  3\n\n# about b\n[b]\nz = 1\n',
      '[a]\ny = 2\n  3\nx = 9\n\n# about b\n[b]\nz = 1\n',
    ],
    ['that is new, indented as the others', '[a]\n  y = 2', '[a]\n  y = 2\n  x = 9'],
    ['in an empty section', '[a]\n[b]\nz = 1\n', '[a]\nx = 9\n[b]\nz = 1\n'],
    ['in a new section', '[b]\nz = 1', '[b]\nz = 1\n\n[a]\nx = 9'],
    ['in an empty file', '', '[a]\nx = 9\n'],
    ['after a header comment', '# written\n', '# written\n\n[a]\nx = 9\n'],
  ])('writes one %s', (_, before, after) => {
    expect(setOption(before, { section: 'a', key: 'x', value: '9' })).toBe(after)
  })

  it('writes several lines with the indentation that was there', () => {
    expect(setOption('[a]\nx = 1\n      2\ny = 1\n', { section: 'a', key: 'x', value: 'p\nq\nr' })).toBe(
      '[a]\nx = p\n      q\n      r\ny = 1\n',
    )
    expect(setOption('[a]\ny = 1\n', { section: 'a', key: 'x', value: 'p\nq' })).toBe(
      '[a]\ny = 1\nx = p\n    q\n',
    )
  })

  it.each([
    ['x', 'a\r\n[evil]'],
    ['x', 'a\u0000'],
    ['x', 'a\u2028b'],
    ['x', ' a'],
    ['x', 'a '],
    ['x', 'a ; b'],
    ['x', ';a'],
    ['x', 'a\n# b'],
    ['x', 'a\n;b'],
    ['x', 'a\n'],
    ['x', '\ud800'],
    ['bantime', 'nonsense'],
    ['bantime', '__import__("os").system("id")'],
    ['Findtime', '1h+1'],
    ['bantime.maxtime', '%(x)s'],
  ])('refuses %j = %j', (key, value) => {
    expect(() => setOption('[a]\ny = 1\n', { section: 'a', key, value })).toThrow(ConfigRefusedError)
  })

  it('refuses a value that is too long', () => {
    expect(() => setOption('', { section: 'a', key: 'x', value: 'a'.repeat(70_000) })).toThrow(
      ConfigRefusedError,
    )
  })

  it.each([
    ['a]\n[b', 'x'],
    ['a', 'x\ny'],
    ['a', 'x = 1'],
    ['a', ''],
  ])('does not write the section %j with the key %j', (section, key) => {
    expect(() => setOption('[a]\ny = 1\n', { section, key, value: '1' })).toThrow(ConfigUnwritableError)
  })

  it('takes a duration of the strict grammar', () => {
    expect(setOption('', { section: 'a', key: 'bantime', value: '1d 12h' })).toContain('bantime = 1d 12h')
  })

  it('refuses to change a file where other settings would move', () => {
    // the section after it is indented: below a setting it would be a part of its value
    expect(() => setOption('[a]\n  [b]\n', { section: 'a', key: 'x', value: '1' })).toThrow(
      ConfigRefusedError,
    )
  })
})

describe('removing an option', () => {
  it.each([
    ['[a]\nx = 1\n  2\n# c\n  3\ny = 2\n', '[a]\n# c\ny = 2\n'],
    ['[a]\ny = 2\n', '[a]\ny = 2\n'],
    ['[a]\r\nx = 1\r\n', '[a]\r\n'],
    ['[a]\ny = 2\nx = 1', '[a]\ny = 2'],
  ])('takes its lines away and nothing else', (before, after) => {
    expect(removeOption(before, 'a', 'x')).toBe(after)
  })
})

const eol = fc.constantFrom('\n', '\r\n')
const word = fc.string({
  unit: fc.constantFrom('a', 'b', '/', '%', '=', '[', ']', 'é', '.', '"'),
  minLength: 1,
  maxLength: 8,
})
const anyLine = fc.oneof(
  fc.constantFrom('', '# comment', '; other', '[a]', '[b]', '   # inside'),
  fc
    .tuple(
      fc.constantFrom('x', 'y', 'Z'),
      fc.constantFrom(' = ', '=', ' : '),
      word,
      fc.constantFrom('', ' ; why'),
    )
    .map((parts) => parts.join('')),
  word.map((text) => `    ${text}`),
)
const file = fc
  .tuple(fc.array(anyLine, { maxLength: 25 }), eol)
  .map(([lines, end]) => lines.map((text) => text + end).join(''))
const value = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('\n'))

describe('any file', () => {
  it('reads back what was set, and every line that is not of that option is as it was', () => {
    let edited = 0
    fc.assert(
      fc.property(
        file,
        fc.record({ section: fc.constantFrom('a', 'b', 'new'), key: fc.constantFrom('x', 'y', 'w') }),
        value,
        (text, { section, key }, wanted) => {
          const after = attempt(() => setOption(text, { section, key, value: wanted }))
          if (after === undefined) return
          edited += 1
          expect(valueOf(after, section, key)).toBe(wanted)
          const gone = removeOption(after, section, key)
          expect(valueOf(gone, section, key)).toBeUndefined()
          const written = parseIni(after).lines.map(({ text: own, end }) => own + end)
          const others = otherLines(text, section, key)
          expect(isSubsequence(others, written)).toBe(true)
          expect(written.length - others.length).toBeLessThanOrEqual(wanted.split('\n').length + 2)
          expect(setOption(after, { section, key, value: wanted })).toBe(after)
        },
      ),
      { numRuns: 3000 },
    )
    expect(edited).toBeGreaterThan(1500)
  })

  it('is read by fail2ban with the new value in that option alone, whatever lines the value has', async () => {
    const oddLine = fc.constantFrom('actionban = touch x', 'y: 2', '[evil]', '[DEFAULT]', 'b', 'x = 1 2', '%')
    const oddValue = fc.array(fc.oneof(oddLine, word), { minLength: 1, maxLength: 4 })
    const cases = fc
      .sample(fc.tuple(file, fc.constantFrom('a', 'b', 'new', 'DEFAULT'), oddValue), 1500)
      .flatMap(([text, section, lines]) => {
        const wanted = lines.join('\n')
        const after = attempt(() => setOption(text, { section, key: 'x', value: wanted }))
        return after === undefined ? [] : [{ text, section, wanted, after }]
      })
    const read = await parseWithPython(cases.flatMap(({ text, after }) => [text, after]))
    let compared = 0
    for (const [index, { section, wanted, after }] of cases.entries()) {
      const [before, now] = [read[index * 2], read[index * 2 + 1]]
      if (!before) continue
      compared += 1
      const expected = { ...before, [section]: { ...before[section], x: wanted } }
      expect({ after, now }).toEqual({ after, now: expected })
    }
    expect(compared).toBeGreaterThan(150)
  })
})

function attempt(edit: () => string): string | undefined {
  try {
    return edit()
  } catch (error) {
    if (error instanceof ConfigRefusedError) return undefined
    throw error
  }
}

/** The lines of a text without those of one option, which stand in the text after an edit as they are, in order. */
function otherLines(text: string, section: string, key: string): string[] {
  const { lines, sections } = parseIni(text)
  const options = sections.filter(({ name }) => name === section).flatMap(({ options: all }) => all)
  const option = options.findLast((one) => one.key === key)
  const own = option === undefined ? [] : [option.line, ...option.continuation]
  return lines.filter((_, index) => !own.includes(index + 1)).map((kept) => kept.text + kept.end)
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const text of whole) if (text === part[at]) at += 1
  return at === part.length
}
