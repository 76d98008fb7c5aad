import type { ConfigMessage, Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { problemsOfSetting } from './draft-comparison.ts'
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

describe('why a draft cannot be applied', () => {
  const set = (key: string): Edit => ({ kind: 'set', scope: 'jail', name: 'web', key, value: 'x' })
  const problem = (section: string | null, key: string | null, text: string) => ({
    message: text,
    file: section && 'jail.d/zz-bangui.local',
    section,
    key,
  })
  const compared = {
    of: [set('action'), set('maxretry')],
    edits: [
      { problem: problem('web', 'action', 'not allowed'), changed: null },
      { problem: problem(null, null, 'no number'), changed: null },
    ],
    files: [],
    problems: [problem('web', 'action_', 'not allowed in the text'), problem('DEFAULT', 'mta', 'neither')],
  }

  const jail = { kind: 'jail', name: 'web' } as const
  it.each([
    { part: jail, key: 'action', edit: set('action'), found: ['not allowed'] },
    // an edit of which nobody knows the place
    { part: jail, key: 'maxretry', edit: set('maxretry'), found: ['no number'] },
    // written in the text of a file
    { part: jail, key: 'action_', edit: undefined, found: ['not allowed in the text'] },
    { part: { kind: 'default' } as const, key: 'mta', edit: undefined, found: ['neither'] },
    { part: { ...jail, name: 'mail' }, key: 'action', edit: undefined, found: [] },
    { part: jail, key: 'bantime', edit: set('bantime'), found: [] },
  ])('is at the setting: $key', ({ part, key, edit, found }) => {
    expect(problemsOfSetting(compared, part, { key, edit })).toEqual(found)
  })
})
