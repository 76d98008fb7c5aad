import { describe, expect, it } from 'vitest'
import { AppError } from '../lib/errors.ts'
import { checkStructure, MAX_DEPTH, MAX_PARTS } from './check-structure.ts'

const check = (text: string) => () => checkStructure(Buffer.from(text))
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const list = (parts: number, part: string) => `[${Array.from({ length: parts }, () => part).join(',')}]`

describe('a JSON text', () => {
  it.each([
    ['as many levels as may be', nested(MAX_DEPTH)],
    ['as many parts as may be', list(MAX_PARTS - 1, '[]')],
    ['a list of 50,000 addresses', list(50_000, '"2001:db8::1"')],
    ['brackets and quotes within a string', JSON.stringify(`${nested(99)} "${nested(99)} \\\\"`)],
    ['nothing in it', ''],
    ['a string that does not end', `"${nested(99)}\\`],
  ])('with %s is taken', (_title, text) => {
    expect(check(text)).not.toThrow()
  })

  it.each([
    ['one level more', nested(MAX_DEPTH + 1)],
    ['one list more', list(MAX_PARTS, '[]')],
    ['one object more', list(MAX_PARTS, '{}')],
    ['one key more', `{${Array.from({ length: MAX_PARTS }, () => '"":0').join(',')}}`],
    ['levels after a string that ends in an escape', `["\\\\",${nested(MAX_DEPTH)}`],
    ['levels that never end', '[{'.repeat(MAX_DEPTH)],
  ])('with %s is refused', (_title, text) => {
    expect(check(text)).toThrow(AppError)
  })
})
