import { expect, it } from 'vitest'
import { AddBlocklistInput } from './blocklist.ts'

it.each([
  ['list.txt', 'list.txt'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\lists\\a.csv', 'a.csv'],
  ['a\u202Etxt.exe\u0000\n', 'atxt.exe'],
  ['/', 'file'],
])('an uploaded file %j is named %s', (name, shown) => {
  const upload = { name, content: 'MS4yLjMuNA==' }
  expect(AddBlocklistInput.parse({ name: 'Feed', jail: 'lists', upload }).upload?.name).toBe(shown)
})
