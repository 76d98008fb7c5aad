import { describe, expect, it } from 'vitest'
import { cleanText, shorten } from './clean-text.ts'

describe('a text of a tool or a log', () => {
  it.each([
    ['colours', 'a\u001b[1;31mred\u001b[0mb', 'aredb'],
    ['a title', 'a\u001b]0;title\u0007b\u001b]8;;http://x\u001b\\c', 'abc'],
    ['what clears the screen', '\u001b[2J\u001bca', 'a'],
    ['control characters', 'a\u0000\u0008\u007f\u0085b', 'ab'],
    ['what turns the direction', 'a\u202eb\u2066c\u061cd\u200fe', 'abcde'],
    ['line ends of Windows', 'a\r\nb\rc', 'a\nbc'],
  ])('has no %s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean)
  })

  it('is not hidden by a sequence that has no end', () => {
    expect(cleanText('user \u001b]0;evil from 1.2.3.4\nnext line\u0007 end')).toBe(
      'user 0;evil from 1.2.3.4\nnext line end',
    )
  })

  it('is shortened in its middle', () => {
    expect(shorten('abcdef', 6)).toBe('abcdef')
    expect(shorten('abcdefgh', 6)).toBe('abc\n[2 characters left out]\nfgh')
  })
})
