import { expect, it } from 'vitest'
import { isOwnHost } from './host-check.ts'

const names = { machineName: 'web1.example.org', publicUrl: 'https://bans.example.com:8443/' }

it.each([
  '127.0.0.1',
  '127.0.0.1:8080',
  '192.0.2.7',
  '[::1]:8080',
  '[2001:db8::1]',
  'localhost',
  'LOCALHOST:8080',
  'localhost.',
  'web1.example.org',
  'web1',
  'WEB1.example.org:80',
  'bans.example.com',
  'bans.example.com:8443',
])('answers to %s', (host) => {
  expect(isOwnHost(host, names)).toBe(true)
})

it.each([
  '',
  'evil.example',
  'localhost.evil.example',
  'xlocalhost',
  'web1.evil.example',
  '127.0.0.1.evil.example',
  'example.com',
  'a.bans.example.com',
  '127.0.0.1@evil.example',
  'evil.example:127.0.0.1',
  '[::1',
  '::1',
  '1.2.3',
  'web1..',
])('does not answer to %j', (host) => {
  expect(isOwnHost(host, names)).toBe(false)
})

it('knows no public name where none is set', () => {
  expect(isOwnHost('bans.example.com', { ...names, publicUrl: null })).toBe(false)
})
