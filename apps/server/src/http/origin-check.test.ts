import { describe, expect, it } from 'vitest'
import { isOwnOrigin, mayRead } from './origin-check.ts'

const source = (origin: string | null, host = '127.0.0.1:8080') => ({ origin, host, fetchSite: null })
const publicUrl = 'https://bans.example.org/'

describe('an origin', () => {
  it.each([
    ['http://127.0.0.1:8080', '127.0.0.1:8080', null],
    ['https://web1', 'web1', null],
    ['http://web1', 'web1:80', null],
    ['https://web1', 'web1:443', null],
    ['http://[::1]:8080', '[::1]:8080', null],
    ['http://web1:8080', 'WEB1:8080', null],
    // a proxy may pass its own idea of the host
    ['https://bans.example.org', '127.0.0.1:8080', publicUrl],
    // who goes round the proxy is at home too
    ['http://127.0.0.1:8080', '127.0.0.1:8080', publicUrl],
  ])('%s on %s is ours', (origin, host, url) => {
    expect(isOwnOrigin(source(origin, host), url)).toBe(true)
  })

  it.each([
    [null, '127.0.0.1:8080', null],
    ['null', '127.0.0.1:8080', null],
    ['', '127.0.0.1:8080', null],
    ['http://evil.example', '127.0.0.1:8080', null],
    ['http://127.0.0.1', '127.0.0.1:8080', null],
    ['http://127.0.0.1:3000', '127.0.0.1:8080', null],
    ['http://127.0.0.1:8080/x', '127.0.0.1:8080', null],
    ['http://127.0.0.1:8080@evil.example', '127.0.0.1:8080', null],
    ['file://', '127.0.0.1:8080', null],
    ['chrome-extension://127.0.0.1:8080', '127.0.0.1:8080', null],
    // what comes in the clear may have been put there by anybody on the way
    ['http://bans.example.org', 'bans.example.org', publicUrl],
    ['https://a.bans.example.org', '127.0.0.1:8080', publicUrl],
  ])('%s on %s is not', (origin, host, url) => {
    expect(isOwnOrigin(source(origin, host), url)).toBe(false)
  })
})

describe('a read', () => {
  const host = '127.0.0.1:8080'
  it.each([
    [null, null, true],
    [null, 'same-origin', true],
    ['http://127.0.0.1:8080', null, true],
    ['http://evil.example', 'same-origin', false],
    [null, 'cross-site', false],
    [null, 'same-site', false],
    [null, 'none', false],
  ])('with the origin %s and the site %s may be answered: %s', (origin, fetchSite, expected) => {
    expect(mayRead({ origin, host, fetchSite }, null)).toBe(expected)
  })
})
