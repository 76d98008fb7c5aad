import { describe, expect, it } from 'vitest'
import { proxyOf, readProxies } from './proxy-of.ts'

const PROXY = 'http://proxy.example.net:3128'

describe('the proxies of an environment', () => {
  it.each([
    [{}, { http: null, https: null, no: '' }],
    [{ http_proxy: PROXY }, { http: PROXY, https: null, no: '' }],
    [
      { HTTPS_PROXY: PROXY, NO_PROXY: 'a,b' },
      { http: null, https: PROXY, no: 'a,b' },
    ],
    [{ ALL_PROXY: PROXY }, { http: PROXY, https: PROXY, no: '' }],
    [
      { all_proxy: PROXY, https_proxy: 'socks5://x' },
      { http: PROXY, https: PROXY, no: '' },
    ],
    [{ http_proxy: 'proxy:3128' }, { http: 'http://proxy:3128', https: null, no: '' }],
    [
      { https_proxy: 'http://user:50%off%20@proxy:3128' },
      { http: null, https: 'http://user:50%25off%20@proxy:3128', no: '' },
    ],
  ])('%j', (env, expected) => {
    expect(readProxies(env)).toEqual(expected)
  })
})

describe('the proxy of an address', () => {
  it.each([
    ['', 'http://lists.example.org/', true],
    ['*', 'http://lists.example.org/', false],
    ['example.org', 'http://lists.example.org/', false],
    ['.example.org', 'http://lists.example.org/', false],
    ['*.example.org', 'http://lists.example.org/', false],
    ['example.org:8080', 'http://lists.example.org/', true],
    ['example.org:80', 'http://lists.example.org/', false],
    ['ample.org', 'http://example.org/', true],
    ['10.0.0.0/8 localhost', 'http://10.2.3.4/', false],
    ['10.0.0.0/8 localhost', 'http://localhost:99/', false],
    ['10.0.0.0/8', 'http://11.2.3.4/', true],
    ['::1', 'http://[::1]/', false],
  ])('follows NO_PROXY=%j: %s', (no, url, isProxied) => {
    expect(proxyOf(new URL(url), { http: PROXY, https: null, no })).toBe(isProxied ? PROXY : null)
  })

  it('is that of its scheme', () => {
    expect(proxyOf(new URL('https://example.org/'), { http: PROXY, https: null, no: '' })).toBeNull()
  })
})
