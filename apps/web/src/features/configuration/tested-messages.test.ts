import type { ConfigMessage } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { messagesOfFile, messagesOfSetting } from './tested-messages.ts'

const message = (file: string | null, section: string | null, key: string | null): ConfigMessage => ({
  severity: 'error',
  text: 'x',
  file,
  line: 3,
  jail: null,
  section,
  key,
})

const own = message('/etc/fail2ban/jail.d/zz-bangui.local', 'web', 'bantime')
const all = message('/etc/fail2ban/jail.local', 'DEFAULT', 'bantime')
const filter = message('/etc/fail2ban/filter.d/web.local', 'Definition', 'failregex')
const daemon = message('/etc/fail2ban/fail2ban.local', 'Definition', 'loglevel')
const messages = [own, all, filter, daemon, message(null, null, null)]

describe('what a test has said', () => {
  it('is at the file that it is about', () => {
    expect(messagesOfFile(messages, 'jail.local', '/etc/fail2ban')).toEqual([all])
    expect(messagesOfFile(messages, 'jail.conf', '/etc/fail2ban')).toEqual([])
  })

  it('is at the setting that it is about', () => {
    const bantime = { key: 'bantime' }
    expect(messagesOfSetting(messages, { kind: 'jail', name: 'web' }, bantime)).toEqual([own])
    expect(messagesOfSetting(messages, { kind: 'jail', name: 'mail' }, bantime)).toEqual([])
    expect(messagesOfSetting(messages, { kind: 'default' }, bantime)).toEqual([all])
    expect(messagesOfSetting(messages, { kind: 'filter', name: 'web' }, { key: 'failregex' })).toEqual([
      filter,
    ])
    expect(messagesOfSetting(messages, { kind: 'fail2ban' }, { key: 'loglevel' })).toEqual([daemon])
  })
})
