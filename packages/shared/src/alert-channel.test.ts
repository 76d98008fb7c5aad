import { describe, expect, it } from 'vitest'
import { channelConfigs, isSameServer, type ChannelKind } from './alert-channel.ts'

const isValid = (kind: ChannelKind, config: unknown) => channelConfigs[kind].safeParse(config).success
const mail = { host: 'mail.example.org', from: 'a@example.org', to: ['b@example.org'] }

describe('the configuration of a channel', () => {
  it('needs little', () => {
    expect(channelConfigs.webhook.parse({ url: 'https://example.org/hook' })).toEqual({
      url: 'https://example.org/hook',
      secret: null,
      header: null,
      headerValue: null,
      template: null,
    })
    expect(channelConfigs.email.parse(mail)).toMatchObject({
      port: 587,
      security: 'starttls',
      acceptBadCertificate: false,
      username: null,
    })
    expect(channelConfigs.ntfy.parse({ topic: 'bans' })).toMatchObject({ url: 'https://ntfy.sh' })
  })

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'https:example.org',
    'https://user:password@example.org/',
    'https://example.org\\@evil.example/',
    'https://exa mple.org/',
    'https://example.org/\r\nX: y',
    'javascript:alert(1)',
    '',
  ])('refuses the address %j', (url) => {
    expect(isValid('webhook', { url })).toBe(false)
    expect(isValid('slack', { url })).toBe(false)
  })

  it.each([
    'https://example.org',
    'http://10.0.0.5:8080/a?b=c@d',
    'https://[2001:db8::1]/x',
    'HTTPS://EXAMPLE.org/a',
  ])('takes the address %s', (url) => expect(isValid('webhook', { url })).toBe(true))

  it.each([
    ['email', { ...mail, from: 'a@example.org\r\nBcc: c@example.org' }],
    ['email', { ...mail, from: 'BanGUI <a@example.org>' }],
    ['email', { ...mail, to: [] }],
    ['email', { ...mail, to: ['a@example.org, b@example.org'] }],
    ['email', { ...mail, host: 'mail.example.org -oProxy' }],
    ['email', { ...mail, port: 0 }],
    ['webhook', { url: 'https://example.org', header: 'Host' }],
    ['webhook', { url: 'https://example.org', header: 'Authorization', headerValue: 'a\r\nHost: b' }],
    ['webhook', { url: 'https://example.org', template: '{"a": {{title}}}' }],
    ['webhook', { url: 'https://example.org', method: 'DELETE' }],
    ['ntfy', { topic: '../admin' }],
    ['gotify', { url: 'https://example.org', token: null }],
    ['telegram', { token: '123:abc/../getMe?', chat: '1' }],
    ['telegram', { token: '123:abc', chat: 'somebody' }],
  ] as const)('refuses %s %j', (kind, config) => expect(isValid(kind, config)).toBe(false))
})

describe('the server of a channel', () => {
  it.each([
    ['webhook', { url: 'https://a.example/x' }, { url: 'https://A.example/y' }, true],
    ['webhook', { url: 'https://a.example/x' }, { url: 'https://a.example:8443/x' }, false],
    ['webhook', { url: 'https://a.example/x' }, { url: 'http://a.example/x' }, false],
    ['email', mail, { ...mail, to: ['c@example.org'] }, true],
    ['email', { ...mail, security: 'starttls' }, { ...mail, security: 'none' }, false],
    ['email', { ...mail, port: 587 }, { ...mail, port: 2525 }, false],
    ['email', mail, { ...mail, acceptBadCertificate: true }, false],
    ['email', { ...mail, acceptBadCertificate: true }, { ...mail, acceptBadCertificate: true }, true],
    ['email', { ...mail, acceptBadCertificate: true }, mail, true],
  ] as const)('of %s %j and %j is the same: %s', (...[kind, before, after, same]) => {
    expect(isSameServer(kind, before, after)).toBe(same)
  })
})
