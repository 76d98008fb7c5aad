import { afterEach, beforeAll, expect, test } from 'vitest'
import { isReaderBusy, watchFields } from './reader-busy.ts'

beforeAll(watchFields)
afterEach(() => document.body.replaceChildren())

test('a focused field counts as busy', () => {
  const field = document.body.appendChild(document.createElement('textarea'))
  expect(isReaderBusy()).toBe(false)
  field.focus()
  expect(isReaderBusy()).toBe(true)
})

test('a field that was filled in counts as busy as long as it is on the page', () => {
  const field = document.body.appendChild(document.createElement('input'))
  field.value = '192.0.2.1'
  field.dispatchEvent(new Event('input', { bubbles: true }))
  expect(isReaderBusy()).toBe(true)
  field.remove()
  expect(isReaderBusy()).toBe(false)
})

test.each([
  ['an open dialog', '<div role="dialog"></div>'],
  ['an open menu', '<div role="menu"></div>'],
  ['an undo that is still offered', '<div data-undoable></div>'],
])('%s counts as busy', (_, html) => {
  document.body.innerHTML = html
  expect(isReaderBusy()).toBe(true)
})
