import { runInNewContext } from 'node:vm'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { currentTheme, setTheme } from './theme.ts'

afterEach(() => setTheme('system'))

test('a chosen theme applies at once and is kept for the next visit', () => {
  setTheme('dark')
  expect(document.documentElement.dataset['theme']).toBe('dark')
  expect(localStorage.getItem('bangui.theme')).toBe('dark')
  expect(currentTheme()).toBe('dark')
})

test('the theme of the device stores nothing', () => {
  setTheme('dark')
  setTheme('system')
  expect(document.documentElement.dataset['theme']).toBeUndefined()
  expect(localStorage.getItem('bangui.theme')).toBeNull()
})

test.each([
  ['dark', 'dark'],
  ['light', 'light'],
  ['"><script>', undefined],
  [null, undefined],
])('before the first paint, a stored theme %j becomes %s', (kept, expected) => {
  const script = readFileSync(`${import.meta.dirname}/theme-boot.js`, 'utf8')
  const dataset: Record<string, string> = {}
  runInNewContext(script, {
    localStorage: { getItem: () => kept },
    document: { documentElement: { dataset } },
  })
  expect(dataset['theme']).toBe(expected)
})
