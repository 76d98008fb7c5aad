import { describe, expect, it } from 'vitest'
import { compareStreams } from './compare-streams.ts'
import type { StreamCommand } from './dump-config.ts'

const jail = (
  name: string,
  over: { backend?: string; bantime?: string; port?: string } = {},
): StreamCommand[] => [
  ['add', name, over.backend ?? 'polling'],
  ['set', name, 'bantime', over.bantime ?? '10m'],
  ['set', name, 'addaction', 'firewall'],
  ['multi-set', name, 'action', 'firewall', [['port', over.port ?? '22']]],
]
const start = (name: string): StreamCommand => ['start', name]
const own: StreamCommand[] = [
  ['set', 'loglevel', 'INFO'],
  ['set', 'dbfile', '/var/lib/fail2ban/fail2ban.sqlite3'],
]
const before = [...own, ...jail('app'), ...jail('web'), start('app'), start('web')]

describe('two command streams', () => {
  it('have no difference where they are equal', () => {
    expect(compareStreams(before, before)).toEqual({ jails: new Map(), daemon: new Map() })
  })

  it.each([
    ['a setting', { bantime: '1h' }, 'reload'],
    ['a parameter of an action', { port: '443' }, 'restart'],
    ['the backend', { backend: 'systemd' }, 'restart'],
  ] as const)('differ in one jail where %s differs', (_, over, difference) => {
    const after = [...own, ...jail('app'), ...jail('web', over), start('app'), start('web')]
    expect(compareStreams(before, after).jails).toEqual(new Map([['web', difference]]))
  })

  it.each([
    ['bantime.increment', ['set', 'web', 'bantime.increment', 'true'], 'restart'],
    ['prefregex', ['set', 'web', 'prefregex', '^ <F-CONTENT>.+</F-CONTENT>$'], 'restart'],
    ['datepattern', ['set', 'web', 'datepattern', '{NONE}'], 'restart'],
    ['the only failregex', ['set', 'web', 'addfailregex', '^ z <HOST>$'], 'reload'],
    ['several failregex', ['multi-set', 'web', 'addfailregex', ['^ z <HOST>$', '^ y <HOST>$']], 'reload'],
    ['the only ignoreregex', ['set', 'web', 'addignoreregex', 'x'], 'reload'],
    ['the only ignored address', ['set', 'web', 'addignoreip', '192.0.2.1'], 'reload'],
    ['a log', ['set', 'web', 'addlogpath', '/var/log/web', 'head'], 'reload'],
    ['a journal match', ['set', 'web', 'addjournalmatch', '_COMM=web'], 'reload'],
  ] as const)(
    'where %s is gone, the jail is loaded so that it does not keep it',
    (_, command, difference) => {
      const more = [...before.slice(0, -2), command, ...before.slice(-2)] as StreamCommand[]
      expect(compareStreams(more, before).jails).toEqual(new Map([['web', difference]]))
      expect(compareStreams(before, more).jails).toEqual(new Map([['web', 'reload']]))
    },
  )

  it('differ in the jails that one of them does not start', () => {
    const after = [...own, ...jail('app'), ...jail('new'), ...jail('web'), start('app'), start('new')]
    expect(compareStreams(before, after).jails).toEqual(
      new Map([
        ['web', 'removed'],
        ['new', 'added'],
      ]),
    )
  })

  it('differ in settings of fail2ban itself', () => {
    const after = [
      ['set', 'loglevel', 'DEBUG'],
      ['set', 'dbfile', 'None'],
      ...before.slice(2),
    ] as StreamCommand[]
    expect(compareStreams(before, after).daemon).toEqual(
      new Map([
        ['loglevel', 'DEBUG'],
        ['dbfile', 'None'],
      ]),
    )
  })

  it('do not differ in settings of fail2ban itself where fail2ban refuses one of the configurations', () => {
    expect(compareStreams([], before)).toEqual({
      jails: new Map([
        ['app', 'added'],
        ['web', 'added'],
      ]),
      daemon: new Map(),
    })
  })
})
