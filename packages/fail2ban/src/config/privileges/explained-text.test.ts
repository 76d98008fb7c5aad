import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isExplained } from './explained-text.ts'

const port = { before: 'ssh', after: 'ssh,2222' }

it.each<[string, string, boolean]>([
  ['block --dports ssh -s <ip>', 'block --dports ssh,2222 -s <ip>', true],
  ['ssh ssh', 'ssh,2222 ssh', true],
  ['ssh', 'ssh', true],
  ['block ssh', 'block ssh,2222; touch x', false],
  ['block ssh', 'touch ssh', false],
  ['block', 'block ssh,2222', false],
  ['block ssh', 'block 2222', false],
])('%j becomes %j by another port: %s', (before, after, isSo) => {
  expect(isExplained(before, after, [port])).toBe(isSo)
})

it('any text becomes what replacing a value makes of it, and nothing that has another character', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '$'), maxLength: 20 })
  const value = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(word, value, value, (text, before, after) => {
      const replacements = [{ before, after }]
      const replaced = text.replaceAll(before, () => after)
      expect(isExplained(text, replaced, replacements)).toBe(true)
      expect(isExplained(text, `${replaced};`, replacements)).toBe(false)
      expect(isExplained(text, `$${replaced}`, replacements)).toBe(false)
    }),
  )
})

it('ends for long texts that are like each other', () => {
  expect(isExplained('a'.repeat(20_000), 'aa'.repeat(20_000), [{ before: 'a', after: 'aa' }])).toBe(true)
  expect(isExplained('a'.repeat(20_000), `${'aa'.repeat(20_000)}b`, [{ before: 'a', after: 'aa' }])).toBe(
    false,
  )
})
