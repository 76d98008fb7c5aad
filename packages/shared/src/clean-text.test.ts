import { describe, expect, it } from 'vitest'
import { cleanText, escapeHidden, showHidden } from './clean-text.ts'

const hidden = [
  ['a direction override', '\u202e'],
  ['a direction isolate', '\u2066'],
  ['an Arabic letter mark', '\u061c'],
  ['a left-to-right mark', '\u200e'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a byte order mark', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['a next line', '\u0085'],
  ['a delete', '\u007f'],
  ['a filler that is a letter', '\u3164'],
  ['a tag', '\u{e0041}'],
] as const

describe('cleanText for text from elsewhere', () => {
  it.each([
    ['colours', 'a\u001b[1;31mred\u001b[0mb', 'aredb'],
    ['a title', 'a\u001b]0;title\u0007b\u001b]8;;http://x\u001b\\c', 'abc'],
    ['what clears the screen', '\u001b[2J\u001bca', 'a'],
    ['control characters', 'a\u0000\u0008\u007f\u0085b', 'ab'],
    ['line ends of Windows', 'a\r\nb\rc', 'a\nbc'],
  ])('has no %s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean)
  })

  it.each(hidden)('has no %s', (_, character) => {
    expect(cleanText(`a${character}b`)).toBe('ab')
  })

  it('keeps lines, tabs, and what other scripts need', () => {
    const text = 'a\n\tb Ünïcödé 日本語 עברית é 🙂'
    expect(cleanText(text)).toBe(text)
  })

  it('removes no text after a sequence without an end', () => {
    expect(cleanText('user \u001b]0;evil from 1.2.3.4\nnext line\u0007 end')).toBe(
      'user 0;evil from 1.2.3.4\nnext line end',
    )
  })
})

describe('showHidden for a name', () => {
  it.each(hidden)('shows %s', (_, character) => {
    expect(showHidden(`a${character}b`)).toBe(`a\\u{${character.codePointAt(0)?.toString(16)}}b`)
  })

  it('shows control characters', () => {
    expect(showHidden('a\u0000b\u001b[31mc')).toBe('a\\u{0}b\\u{1b}[31mc')
  })

  it('does not change a name whose characters are all visible', () => {
    expect(showHidden('my jail / jäil 日本')).toBe('my jail / jäil 日本')
  })
})

describe('a line of JSON', () => {
  it.each(hidden)('means the same, with %s to be seen', (_, character) => {
    const line = JSON.stringify({ name: `a${character}b` })
    const escaped = escapeHidden(line)
    expect(escaped).toMatch(/^[ -~]*$/)
    expect(JSON.parse(escaped)).toEqual({ name: `a${character}b` })
  })
})
