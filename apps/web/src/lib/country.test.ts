// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { countryName } from './country.ts'

describe('countryName', () => {
  it.each([
    ['DE', 'Germany'],
    ['XK', 'Kosovo'],
    ['??', 'Unknown'],
    [null, 'Unknown'],
    [undefined, 'Unknown'],
    ['<b>', 'Unknown'],
    ['QX', 'QX'],
  ])('names %j %s', (code, name) => {
    expect(countryName(code)).toBe(name)
  })
})
