// @vitest-environment node
import { expect, test, vi } from 'vitest'
import { suggestCommands } from './suggest.ts'

const suggested = (typed: string) => {
  const navigate = vi.fn<(path: string) => void>()
  return suggestCommands(typed, navigate).map(({ label, run }) => {
    run()
    return [label, navigate.mock.lastCall?.[0]]
  })
}

test('without text, no search is suggested', () => {
  expect(suggested('  ')).toEqual([])
})

test.each([
  ['203.0.113.7', 'Everything about 203.0.113.7', '/addresses/203.0.113.7'],
  ['2001:DB8::1', 'Everything about 2001:db8::1', '/addresses/2001%3Adb8%3A%3A1'],
  ['203.0.113.9/24', 'Everything about 203.0.113.0/24', '/addresses/203.0.113.0%2F24'],
])('the page of an address or network is suggested: %s', (typed, label, path) => {
  expect(suggested(typed)).toEqual([[label, path]])
})

test.each(['Germany', 'germa', 'de'])('the bans and the history of a country are suggested: %s', (typed) => {
  expect(suggested(typed)).toEqual([
    ['Bans from Germany', '/bans?search=DE'],
    ['Activity from Germany', '/activity?country=DE'],
  ])
})

test('any other text is suggested as a search of the lists', () => {
  expect(suggested('203.0. &<b>')).toEqual([
    ['Search the bans for “203.0. &<b>”', '/bans?search=203.0.%20%26%3Cb%3E'],
    ['Search the history for “203.0. &<b>”', '/activity?search=203.0.%20%26%3Cb%3E'],
  ])
})
