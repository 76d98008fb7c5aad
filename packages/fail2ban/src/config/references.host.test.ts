import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReference, splitReferences } from '@bangui/shared'
import { splitWithFail2ban } from '../../test/fail2ban-reader.ts'

const written = [
  '',
  'a',
  'a\nb  c\n',
  'a[x=1]',
  'a[x=1, y="2,3", z=\'] \'] b',
  'a[x=1][y=2]',
  'a[x=1] [y=2]',
  'a [x=1]',
  'a[\n  x="1\n 2",\n  y=3]\nb[z=1]',
  'a[]',
  'a[x=]',
  'a[x="1" y=2]',
  'a[x=1 y=2]',
  'a[x]',
  'a[x=1',
  'a[x=1]b',
  'a]',
  '[x=1]',
  '[',
  'a[b[c=1]]',
  'a[x="b[c]"]',
  'a[x=1,]',
  'a[,x=1]',
  'a[x="1"]\n',
  'a[x="un" "closed]',
]

/** The values of which BanGUI makes something else than fail2ban does; the messages are not compared. */
async function differences(values: readonly string[]): Promise<unknown[]> {
  const expected = await splitWithFail2ban(values)
  const found = values.map((value) =>
    splitReferences(value).map((text) => {
      const reference = parseReference(text.trim())
      return 'problem' in reference ? null : [reference.name, Object.fromEntries(reference.parameters)]
    }),
  )
  const rows = values.map((value, index) => ({ value, found: found[index], expected: expected[index] }))
  return rows.filter((row) => !isDeepStrictEqual(row.found, row.expected))
}

describe('the filters and actions that a jail names', () => {
  it('are those that fail2ban reads', async () => {
    expect(await differences(written)).toEqual([])
  })

  it('are those that fail2ban reads, whatever the text', async () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'x=',
      '1',
      '"',
      "'",
      '[',
      ']',
      ',',
      ' ',
      '\n',
      '="2"',
      '-',
      '.',
      '][',
    )
    const text = fc
      .array(piece, { maxLength: 12 })
      .map((pieces) => pieces.join(''))
      // fail2ban also finds parameters that nothing separates, which nobody means
      .filter((value) => !/=[^,\]]*=/.test(value))
    expect(await differences(fc.sample(text, 3000))).toEqual([])
  })

  it('take no time beyond all bounds', () => {
    expect(splitReferences(`a[${'x=1'.repeat(20_000)}`)).toHaveLength(1)
    expect(parseReference(`a[${'x=1'.repeat(20_000)}`)).toHaveProperty('problem')
  })
})
