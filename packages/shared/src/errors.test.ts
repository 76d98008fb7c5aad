import { describe, expect, it } from 'vitest'
import { errors, errorText, type ErrorCode } from './errors.ts'

const codes = Object.keys(errors) as ErrorCode[]

describe('the table of errors', () => {
  it.each(codes)('%s has a stable code and a sentence, or only text from elsewhere', (code) => {
    const [, text] = errors[code]
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(text).toMatch(/^(\{\w+\}|(?:[A-Z]|fail2ban ).*[.}])$/)
  })

  it('has no two errors with the same sentence', () => {
    const texts = codes.map((code) => errors[code][1])
    expect(new Set(texts).size).toBe(texts.length)
  })
})

describe('errorText', () => {
  it('fills in every param', () => {
    expect(errorText('login_throttled', { seconds: 30 })).toBe('Too many failed attempts. Try again in 30 s.')
    expect(errorText('too_large', { limit: 1024 })).toBe(
      'The request is larger than the limit of 1024 bytes.',
    )
  })

  it('inserts a param unchanged, with braces and dollars', () => {
    expect(errorText('jail_unknown', { name: '$& {name}' })).toBe(
      'The configuration has no jail named $& {name}.',
    )
  })

  it('shows hidden characters in a param', () => {
    expect(errorText('jail_unknown', { name: 'a\u202eb\u200bc' })).toBe(
      String.raw`The configuration has no jail named a\u{202e}b\u{200b}c.`,
    )
  })

  it('leaves a missing param visible', () => {
    expect(errorText('jail_unknown')).toBe('The configuration has no jail named {name}.')
  })
})
