import { describe, expect, it } from 'vitest'
import { cookieName, parseCookies, serializeCookie } from './cookies.ts'

describe('the cookies of a request', () => {
  it.each([
    [null, {}],
    ['', {}],
    ['a=1; b=2', { a: '1', b: '2' }],
    ['a=1=2', { a: '1=2' }],
    ['a=1; a=2', { a: '1' }],
    ['a; =b; ;c=', { c: '' }],
    ['__proto__=x', JSON.parse('{"__proto__":"x"}') as object],
  ])('%j are read', (header, expected) => {
    expect({ ...parseCookies(header) }).toEqual(expected)
  })
})

describe('a cookie that is set', () => {
  const options = { value: 'x', maxAgeSeconds: 60, secure: false }

  it('is for this path, this site, and no script', () => {
    expect(serializeCookie({ publicUrl: null, basePath: '/' }, 'c', options)).toBe(
      'c=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict',
    )
    expect(serializeCookie({ publicUrl: 'http://h/', basePath: '/bans/' }, 'c', options)).toContain(
      'Path=/bans;',
    )
  })

  it('is secure where the request came over TLS', () => {
    const cookie = serializeCookie({ publicUrl: null, basePath: '/' }, 'c', { ...options, secure: true })
    expect(cookie).toMatch(/^c=x;.*; Secure$/)
  })

  it('has the prefix __Host- where the public address is https', () => {
    const config = { publicUrl: 'https://h/', basePath: '/bans/' }
    expect(cookieName(config, 'c')).toBe('__Host-c')
    expect(serializeCookie(config, 'c', options)).toMatch(/^__Host-c=x; Path=\/; .*; Secure$/)
  })
})
