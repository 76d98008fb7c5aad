import { describe, expect, it } from 'vitest'
import { checkValue } from './check-value.ts'

const option = (type: 'seconds' | 'text', says: string, pattern: string | null) => ({
  key: 'x',
  type,
  meaning: '',
  needs: 'reload' as const,
  privilege: 'guarded' as const,
  grammar: { says, pattern },
})

describe('what is typed', () => {
  it('is checked by the grammar of its option', () => {
    const port = option('text', 'ports', '^[a-z0-9,]+$')
    expect(checkValue('ssh,22', port)).toBeUndefined()
    expect(checkValue('ssh$(id)', port)).toBe('The value must be ports.')
    expect(checkValue('anything', option('text', 'text', null))).toBeUndefined()
    expect(checkValue('anything', undefined)).toBeUndefined()
  })

  it('is a duration where the option is one', () => {
    const time = option('seconds', 'a duration', null)
    for (const value of ['10m', '1d 12h', '-1', '600']) expect(checkValue(value, time)).toBeUndefined()
    for (const value of ['soon', '', '__import__("os")']) expect(checkValue(value, time)).toBeDefined()
  })

  it('has no control characters', () => {
    expect(checkValue('a\u0007', undefined)).toMatch(/control character/)
    expect(checkValue('a\n\tb', undefined)).toBeUndefined()
  })
})
