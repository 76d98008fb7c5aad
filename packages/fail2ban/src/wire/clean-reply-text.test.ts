import { expect, it } from 'vitest'
import { cleanLine } from '../ban-list.ts'
import { cleanReplyText } from './clean-reply-text.ts'

it('has nothing hidden in a reply, and no more than it may', () => {
  expect(cleanReplyText('a\u200bb\u2028c\u202ed\u001b[31me\r\nf\rg')).toBe('abcde\nf\ng')
  expect(cleanReplyText('x'.repeat(20), 10)).toBe(`${'x'.repeat(10)}…`)
  expect(cleanReplyText('a\ud800b')).toBe('a\ufffdb')
})

it('makes one line of a line that strangers wrote', () => {
  const line = 'Failed login for ro\u200bot\u2028\u2029\u202e\u2066\ufeff\tfrom\r\n1.2.3.4 \u0000'
  expect(cleanLine(line, 255)).toBe('Failed login for root from 1.2.3.4')
  expect(cleanLine('plain text', 255)).toBe('plain text')
})
