import { Origin } from '@bangui/shared'
import { expect, it } from 'vitest'
import { readOrigin } from './origin-words.ts'

it.each([
  'fail2ban',
  'user',
  'unknown',
  'blocklist',
  'blocklist:3',
  'blocklist:0',
  'blocklist:1234567890',
  'blocklist:x',
  'schedule',
  '',
  undefined,
  ['user'],
])('the origin of a URL is read as by the model: %j', (text) => {
  expect(readOrigin(text)).toBe(Origin.safeParse(text).data)
})
