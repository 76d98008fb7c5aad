import { describe, expect, it } from 'vitest'
import { hideSecrets, redactUrl, secretsOfProxies, secretsOfUrl } from './hide-secrets.ts'

describe('a secret in a text', () => {
  it.each([
    ['as it is', 'a/b c+"9', 'no a/b c+"9 here'],
    ['in another case', 'Token-9', 'no tOKEN-9 here'],
    ['percent-encoded', 'a/b c:9', 'no a%2Fb%20c%3A9 here'],
    ['percent-encoded in small letters, and with a plus', 'a/b c:9', 'no a%2fb+c%3a9 here'],
    ['percent-encoded in part, and twice', 'a/b c:9', 'no a/b%2520c%3a9 here'],
    ['in JSON', 'a/b"ü9', String.raw`no a\/b\"\u00fc9 here`],
    ['in HTML', "a&b'<9", 'no a&amp;b&#39;&#x3C;9 here'],
    ['in Base64', 'user:pass', 'no dXNlcjpwYXNz here'],
    ['in Base64 without padding', 'secret-1234', 'no c2VjcmV0LTEyMzQ here'],
  ])('is hidden: %s', (_how, secret, text) => {
    expect(hideSecrets(text, [secret])).toBe('no … here')
  })

  it('is hidden whole where a part of it is a secret as well', () => {
    expect(hideSecrets('/services/T1/B2/secret', ['secret', '/services/T1/B2/secret'])).toBe('…')
  })

  it('that is very short is not looked for', () => {
    expect(hideSecrets('The mail server is busy', ['', 'e', 'ser'])).toBe('The mail server is busy')
  })
})

describe('the secrets of an address', () => {
  it.each([
    ['https://user:p%40ss@lists.example/x', ['p@ss', 'user:p@ss']],
    ['https://lists.example/all.txt?format=txt&apikey=abc1', ['abc1']],
    ['https://api.telegram.org/bot123456:ABC-DEF1234ghIkl/sendMessage', ['ABC-DEF1234ghIkl']],
    ['https://discord.com/api/webhooks/1/aB3dE6gH9jK2mN5pQ8sT', ['aB3dE6gH9jK2mN5pQ8sT']],
    ['not an address', []],
  ])('%s are %o', (url, secrets) => {
    expect(secretsOfUrl(url)).toEqual(expect.arrayContaining(secrets))
  })

  it('of a proxy are its credentials', () => {
    const proxies = { http: 'http://user:pass%20word@proxy.example:3128', https: 'http://proxy.example' }
    expect(secretsOfProxies(proxies)).toEqual(expect.arrayContaining(['pass word', 'user:pass word']))
  })
})

describe('a redacted address', () => {
  it.each([
    ['https://user:pass@lists.example:8443/a/list.txt?key=1#x', 'https://lists.example:8443/a/list.txt?…'],
    ['https://raw.example/owner/some-blocklists/main/level_1.netset', null],
    [
      'https://hooks.slack.com/services/T00000000/B00000000/aB3dE6gH9jK2mN5pQ8sT1vW4',
      'https://hooks.slack.com/services/T00000000/B00000000/…',
    ],
    ['https://discord.com/api/webhooks/123/aB3dE6gH9jK2mN5pQ8sT-_', 'https://discord.com/api/webhooks/123/…'],
    ['https://api.telegram.org/bot123456:ABC-DEF1234ghIkl/x', 'https://api.telegram.org/…/x'],
    ['https://api.telegram.org/bot123456%3AABC-DEF1234ghIkl/x', 'https://api.telegram.org/…/x'],
    ['not an address', '…'],
  ])('of %s is %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted ?? url)
  })
})
