import { expect, it } from 'vitest'
import { shorten } from './shorten.ts'

it('shortens a text in its middle', () => {
  expect(shorten('abcdef', 6)).toBe('abcdef')
  expect(shorten('abcdefgh', 6)).toBe('abc\n[2 characters left out]\nfgh')
})
