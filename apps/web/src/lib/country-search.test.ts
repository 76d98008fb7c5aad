// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { findCountry, withCountryCodes } from './country-search.ts'

describe('findCountry', () => {
  it.each([
    ['Germany', 'DE'],
    ['  gErMaNy ', 'DE'],
    ['germa', 'DE'],
    ['united st', 'US'],
    ['United Kingdom', 'GB'],
    ['uk', 'GB'],
    ['Türkiye', 'TR'],
    ['turkey', 'TR'],
    ["cote d'ivoire", 'CI'],
    ['Bosnia & Herzegovina', 'BA'],
    ['Mali', 'ML'],
    ['Russia', 'RU'],
    ['Kosovo', 'XK'],
    ['Hong Kong SAR China', 'HK'],
  ])('knows %j', (name, code) => {
    expect(findCountry(name)).toBe(code)
  })

  it.each(['', 'united', 'guine', 'sshd', 'bot', 'port', 'recidive', 'DE', 'Unknown region', '__proto__'])(
    'takes %j for none',
    (name) => {
      expect(findCountry(name)).toBeUndefined()
    },
  )
})

describe('withCountryCodes', () => {
  it.each([
    ['', ''],
    ['Germany', 'DE'],
    ['sshd  united states 203.0.', 'sshd US 203.0.'],
    ['jail:germany', 'jail:germany'],
    ['country:Germany', 'DE'],
    ['country:united kingdom jail:sshd', 'GB jail:sshd'],
    ['country:de', 'country:de'],
    ['DE ??', 'DE ??'],
    ['germany2 2001:db8::', 'germany2 2001:db8::'],
    ['united sshd', 'united sshd'],
    ['papua new guinea nginx', 'PG nginx'],
    ['"office in Chad" mali', '"office in Chad" ML'],
    ['country:"united kingdom"', 'GB'],
    ['"mali', '"mali'],
  ])('reads %j as %j', (typed, sent) => {
    expect(withCountryCodes(typed)).toBe(sent)
  })
})
