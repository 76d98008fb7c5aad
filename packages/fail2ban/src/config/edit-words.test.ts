import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigUnwritableError } from '../errors.ts'
import { changeWords, editWords, hasChangedWords, splitWords } from './edit-words.ts'
import { parseIni } from './ini-file.ts'

const place = { section: 'app', key: 'ignoreip' }
const edit = (text: string, add: string[], remove: string[] = []) => editWords(text, place, { add, remove })
const wordsOf = (text: string) => splitWords(parseIni(text).sections[0]?.options[0]?.value ?? '')

describe('editing the words of an option', () => {
  it.each([
    ['at the end', 'ignoreip = 10.0.0.0/8', 'ignoreip = 10.0.0.0/8 192.0.2.1'],
    [
      'with the commas of the list',
      'ignoreip = 10.0.0.1, 10.0.0.2',
      'ignoreip = 10.0.0.1, 10.0.0.2, 192.0.2.1',
    ],
    ['before a comment', 'ignoreip = 10.0.0.0/8 ; office', 'ignoreip = 10.0.0.0/8 192.0.2.1 ; office'],
    ['where the list is empty', 'ignoreip =', 'ignoreip = 192.0.2.1'],
    ['where the list is empty but for a comment', 'ignoreip = ; none', 'ignoreip = 192.0.2.1 ; none'],
    ['without spaces', 'ignoreip=10.0.0.1', 'ignoreip=10.0.0.1 192.0.2.1'],
    ['after a host name', 'IgnoreIP: home.example.org', 'IgnoreIP: home.example.org 192.0.2.1'],
    ['before a file', 'ignoreip = ::1 file:/x 10.0.0.1', 'ignoreip = ::1 192.0.2.1 file:/x 10.0.0.1'],
    ['before a reference', 'ignoreip = %(known/ignoreip)s', 'ignoreip = 192.0.2.1 %(known/ignoreip)s'],
    [
      'at the end of several lines',
      'ignoreip = 10.0.0.1\n# office\n   10.0.0.2 ; two\n\n',
      'ignoreip = 10.0.0.1\n# office\n   10.0.0.2 192.0.2.1 ; two\n\n',
    ],
    ['nowhere when it is there in another spelling', 'ignoreip = 192.0.2.1/32', 'ignoreip = 192.0.2.1/32'],
  ])('adds a word %s', (_where, before, after) => {
    expect(edit(`[app]\n${before}\nport = 1\n`, ['192.0.2.1'])).toBe(`[app]\n${after}\nport = 1\n`)
  })

  it.each([
    ['the first', 'ignoreip = 192.0.2.1, 10.0.0.1', 'ignoreip = 10.0.0.1'],
    ['the last', 'ignoreip = 10.0.0.1, 192.0.2.1 ; all', 'ignoreip = 10.0.0.1 ; all'],
    [
      'one in the middle',
      'ignoreip = 10.0.0.1  192.0.2.1  home.example',
      'ignoreip = 10.0.0.1  home.example',
    ],
    ['every one of its spellings', 'ignoreip = 192.0.2.1/32 ::1 192.0.2.1', 'ignoreip = ::1'],
    ['the only one', 'ignoreip = 192.0.2.1', 'ignoreip = '],
    ['with its line', 'ignoreip = ::1\n  192.0.2.1\n  10.0.0.1', 'ignoreip = ::1\n  10.0.0.1'],
    [
      'but not its comment',
      'ignoreip = ::1\n  192.0.2.1 ; him\n  10.0.0.1',
      'ignoreip = ::1\n   ; him\n  10.0.0.1',
    ],
    ['and nothing that only begins like it', 'ignoreip = 192.0.2.10 192.0.2.1', 'ignoreip = 192.0.2.10'],
  ])('removes %s', (_which, before, after) => {
    expect(edit(`[app]\n${before}\nport = 1\n`, [], ['192.0.2.1'])).toBe(`[app]\n${after}\nport = 1\n`)
  })

  it('keeps line ends, and a file without one at its end', () => {
    expect(edit('[app]\r\nport = 1\r\nignoreip = ::1', ['192.0.2.1'])).toBe(
      '[app]\r\nport = 1\r\nignoreip = ::1 192.0.2.1',
    )
  })

  it('is refused where the option is not set', () => {
    expect(() => edit('[web]\nignoreip = ::1\n', ['192.0.2.1'])).toThrow(ConfigUnwritableError)
  })

  it('adds and removes exactly what was asked, whatever the list holds', () => {
    const word = fc.constantFrom(
      '10.0.0.1',
      '10.0.0.0/8',
      '::1',
      'a.example',
      'file:/x',
      '%(known/ignoreip)s',
      '192.0.2.1',
    )
    const separator = fc.constantFrom(' ', ', ', '\n  ', ' ; note\n  ', '\n# note\n  ')
    const list = fc.array(fc.tuple(word, separator), { maxLength: 8 })
    const some = fc.uniqueArray(fc.constantFrom('10.0.0.1', '::1', '192.0.2.1', '203.0.113.0/24'))
    fc.assert(
      fc.property(list, some, some, (words, add, remove) => {
        const change = { add: add.filter((each) => !remove.includes(each)), remove }
        const value = words
          .map(([text, gap]) => text + gap)
          .join('')
          .trimEnd()
        const before = `[app]\nignoreip = ${value}\n[web]\nport = 1\n`
        const after = editWords(before, place, change)
        expect(hasChangedWords(wordsOf(after), change)).toBe(true)
        const asked = new Set<string>([...add, ...remove])
        const foreign = (text: string) => wordsOf(text).filter((each) => !asked.has(each))
        expect(foreign(after)).toEqual(foreign(before))
        const comments = (text: string) => text.match(/note/g)?.length ?? 0
        expect(comments(after)).toBe(comments(before))
      }),
    )
  })
})

describe('changing words', () => {
  it('puts new ones before what stands for others', () => {
    expect(changeWords('::1 file:/x %(y)s', { add: ['192.0.2.1'], remove: ['::1'] })).toBe(
      '192.0.2.1 file:/x %(y)s',
    )
  })
})
