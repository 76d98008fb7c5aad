import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordedLines } from '../../test/recorded-log.ts'
import { parseLogLine, parseMessage } from './parse-log-line.ts'

const at = '2026-11-25 12:47:17,245'
const factOf = (text: string) => parseLogLine(text)?.fact
const withLogger = (logger: string, level: string, message: string) =>
  `${at} ${`fail2ban.${logger}`.padEnd(24)}[19162]: ${level.padEnd(7)} ${message}`

describe('a line of the log', () => {
  it.each([
    [
      'actions',
      'NOTICE',
      '[app] Ban 198.51.100.1',
      { type: 'ban', jail: 'app', address: '198.51.100.1', restored: false },
    ],
    [
      'actions',
      'NOTICE',
      '[app] Restore Ban 2001:DB8::1',
      { type: 'ban', jail: 'app', address: '2001:db8::1', restored: true },
    ],
    [
      'actions',
      'NOTICE',
      '[a]b]] Ban 198.51.100.1',
      { type: 'ban', jail: 'a]b]', address: '198.51.100.1', restored: false },
    ],
    ['actions', 'NOTICE', '[app] Reban x] Ban 198.51.100.1', undefined],
    ['actions', 'INFO', '[app] Ignore x] Ban 198.51.100.1, expired bantime', undefined],
    [
      'actions',
      'NOTICE',
      '[app] Ban ::ffff:1.2.3.4',
      { type: 'ban', jail: 'app', address: '1.2.3.4', restored: false },
    ],
    [
      'actions',
      'NOTICE',
      '[app] Ban 10.0.0.0/8',
      { type: 'ban', jail: 'app', address: '10.0.0.0/8', restored: false },
    ],
    [
      'actions',
      'NOTICE',
      '[app] Ban not an address',
      { type: 'ban', jail: 'app', address: 'not an address', restored: false },
    ],
    [
      'actions',
      'NOTICE',
      '[app] Unban 198.51.100.1',
      { type: 'unban', jail: 'app', address: '198.51.100.1' },
    ],
    [
      'actions',
      'NOTICE',
      '[app] Repeal Ban 198.51.100.1',
      { type: 'suspended', jail: 'app', address: '198.51.100.1' },
    ],
    [
      'observer',
      'NOTICE',
      '[app] Increase Ban 203.0.113.77 (2 # 4s -> 2026-11-25 12:47:28)',
      {
        type: 'extend',
        jail: 'app',
        address: '203.0.113.77',
        times: 2,
        duration: 4,
        endsAt: { text: '2026-11-25 12:47:28', milliseconds: 0 },
      },
    ],
    [
      'observer',
      'NOTICE',
      '[app] Increase Ban 203.0.113.77 (9 # 2d 7h 15m -> 2026-11-25 12:47:28)',
      {
        type: 'extend',
        jail: 'app',
        address: '203.0.113.77',
        times: 9,
        duration: 198_900,
        endsAt: { text: '2026-11-25 12:47:28', milliseconds: 0 },
      },
    ],
    [
      'observer',
      'NOTICE',
      '[app] Increase Ban 203.0.113.77 (3 # permanent -> infinite)',
      { type: 'extend', jail: 'app', address: '203.0.113.77', times: 3, duration: -1, endsAt: null },
    ],
    [
      'observer',
      'NOTICE',
      '[app] Increase Ban 203.0.113.77 (20 # 2872y 43w 3d -> 4899-05-07 12:47:28)',
      {
        type: 'extend',
        jail: 'app',
        address: '203.0.113.77',
        times: 20,
        duration: 3_155_760_000,
        endsAt: { text: '4899-05-07 12:47:28', milliseconds: 0 },
      },
    ],
    [
      'filter',
      'INFO',
      '[app] Found 203.0.113.77 - 2026-11-25 12:47:16',
      {
        type: 'failure',
        jail: 'app',
        address: '203.0.113.77',
        failedAt: { text: '2026-11-25 12:47:16', milliseconds: 0 },
      },
    ],
    [
      'filter',
      'INFO',
      '[app] Ignore 127.0.0.1 by ip',
      { type: 'ignored', jail: 'app', address: '127.0.0.1', by: 'ip' },
    ],
    ['jail', 'INFO', "Jail 'app' started", { type: 'jail', jail: 'app', change: 'started' }],
    ['jail', 'INFO', `Jail "it's" stopped`, { type: 'jail', jail: "it's", change: 'stopped' }],
    ['server', 'INFO', "Jail 'app' reloaded", { type: 'jail', jail: 'app', change: 'reloaded' }],
    [
      'server',
      'INFO',
      'Starting Fail2ban v1.1.1.dev1',
      { type: 'daemon', online: true, version: '1.1.1.dev1' },
    ],
    ['server', 'INFO', 'Exiting Fail2ban', { type: 'daemon', online: false, version: null }],
    ['server', 'INFO', 'Shutdown in progress...', { type: 'shutdown' }],
    ['actions', 'NOTICE', '[app] Flush ticket(s) with iptables', { type: 'flush', jail: 'app' }],
    [
      'actions',
      'WARNING',
      '[app] 203.0.113.77 already banned',
      { type: 'repeated', jail: 'app', address: '203.0.113.77' },
    ],
    ['actions', 'INFO', '  banTime: 600', { type: 'bantime' }],
    ['actions', 'INFO', '  banTime: -1', { type: 'bantime' }],
    [
      'actions',
      'ERROR',
      "Failed to execute ban jail 'app' action 'iptables' info 'ActionInfo({'ip': '203.0.113.5', 'family': 'inet4', 'fid': <function Actions.ActionInfo.<lambda> at 0x7f>})': Error banning 203.0.113.5",
      { type: 'action_failed', jail: 'app', action: 'iptables', verb: 'ban', address: '203.0.113.5' },
    ],
    [
      'actions',
      'ERROR',
      "Failed to execute unban jail 'app' action 'x' info 'ActionInfo({'matches': 'Error banning 1.2.3.4'})': no such file",
      { type: 'action_failed', jail: 'app', action: 'x', verb: 'unban', address: null },
    ],
  ])('of fail2ban.%s, %s %s', (...[logger, level, message, fact]) => {
    expect(factOf(withLogger(logger, level, message))).toEqual(fact)
  })

  it.each([
    ['without a time', `fail2ban.actions        [7]: NOTICE  [app] Ban 1.2.3.4`],
    ['without padding, as for syslog', `fail2ban.actions[7]: NOTICE [app] Ban 1.2.3.4`],
    ['with a time and without padding', `${at} fail2ban.actions[7]: NOTICE [app] Ban 1.2.3.4`],
    ['with a carriage return at its end', `${at} fail2ban.actions[7]: NOTICE [app] Ban 1.2.3.4\r`],
  ])('is read %s', (_, text) => {
    expect(factOf(text)).toMatchObject({ type: 'ban', jail: 'app', address: '1.2.3.4' })
  })

  it.each([
    ['a ban that is over', withLogger('actions', 'INFO', '[app] Ignore 1.2.3.4, expired bantime')],
    [
      'a failure counted again',
      withLogger('observer', 'INFO', '[app] Found 1.2.3.4, bad - 2026-11-25 12:47:24, 1 # -> 2.0, Ban'),
    ],
    ['an attempt that failed to be one', withLogger('filter', 'INFO', '[app] Attempt 1.2.3.4')],
    ['a change of the log target', withLogger('server', 'INFO', 'Start Fail2ban v1.0.2')],
    ['a ban told by another logger', withLogger('filter', 'NOTICE', '[app] Ban 1.2.3.4')],
    [
      'a ban inside a failed command',
      withLogger('transmitter', 'ERROR', "Command ['x', '[app] Ban 1.2.3.4'] has failed."),
    ],
    ['a ban inside a message', withLogger('filter', 'WARNING', `consider [app] Ban 1.2.3.4`)],
    [
      'a line inside a message',
      withLogger('filter', 'WARNING', withLogger('actions', 'NOTICE', '[app] Ban 1.2.3.4')),
    ],
    ['a line with something before it', ` ${withLogger('actions', 'NOTICE', '[app] Ban 1.2.3.4')}`],
    ['a level that is none', withLogger('actions', 'DEBUG', '[app] Ban 1.2.3.4')],
    ['a line of 1 MB', withLogger('actions', 'NOTICE', `[app] Ban ${'1'.repeat(1_000_000)}`)],
    ['nothing', ''],
  ])('tells nothing when it is %s', (_, text) => {
    expect(parseLogLine(text)).toBeUndefined()
  })

  it.each([
    ['[app] Ban  1.2.3.4 ', '" 1.2.3.4 "'],
    ['[app] Ban 1.2.3.4\r', '1.2.3.4'],
  ])('gives what is banned as it is, of %j', (message, address) => {
    expect(factOf(withLogger('actions', 'NOTICE', message))).toMatchObject({ type: 'ban', address })
  })

  it('gives its time', () => {
    expect(parseLogLine(withLogger('actions', 'NOTICE', '[app] Ban 1.2.3.4'))?.time).toEqual({
      text: '2026-11-25 12:47:17',
      milliseconds: 245,
    })
  })

  it('has no control characters, direction marks or very long texts in its result', () => {
    const fact = factOf(
      withLogger('actions', 'NOTICE', `[a\u001b[31mpp] Ban <img src=x>\u202e\u0000\ufffd${'y'.repeat(5000)}`),
    )
    expect(fact).toMatchObject({
      jail: 'app',
      address: expect.stringMatching(/^"<img src=x>\\u\{202e\}\\u\{0\}\ufffdy{200,220}…[0-9a-f]{16}$/u),
    })
  })
})

it.each([
  ['21.937210632632112s', 22],
  ['59.99s', 60],
  ['0.2s', 1],
  ['1.0m 0.20000000000000284s', 60],
  ['1.0m 19.999899999999997s', 80],
  ['2.0m', 120],
  ['59.0m 54.5s', 3595],
])('rounds a ban that was increased to %s, as with a random part, to %d seconds', (length, duration) => {
  const fact = factOf(
    withLogger('observer', 'NOTICE', `[app] Increase Ban 45.0.0.9 (3 # ${length} -> 2026-11-25 12:47:28)`),
  )
  expect(fact).toMatchObject({ type: 'extend', jail: 'app', address: '45.0.0.9', times: 3, duration })
})

it.each(['.5s', '1.s', '1.5m', '1.5h', '1.5', '0.5s 0.5s'])('reads no ban increased to %s', (length) => {
  expect(
    factOf(withLogger('observer', 'NOTICE', `[app] Increase Ban 45.0.0.9 (3 # ${length} -> 2026-11-25)`)),
  ).toBeUndefined()
})

it('reads what fail2ban 1.0.2 logged', () => {
  const facts = recordedLines('ban', 'banAndExpiry', 'increase').map((text) => factOf(text)?.type)
  expect(facts.filter((type) => type === 'ban')).toHaveLength(7)
  expect(facts.filter((type) => type === 'failure')).toHaveLength(6)
  expect(facts.filter((type) => type === 'extend')).toHaveLength(1)
})

describe('whatever a line holds', () => {
  const loggers = fc.constantFrom('actions', 'filter', 'observer', 'jail', 'server', 'transmitter')
  const text = fc.string({ unit: 'binary', maxLength: 300 })

  it('can be read', () => {
    fc.assert(
      fc.property(loggers, text, (logger, message) => {
        expect(() => parseLogLine(message)).not.toThrow()
        expect(() => parseMessage(logger, message)).not.toThrow()
      }),
    )
  })

  it('bans nobody where it is a message of a filter', () => {
    const hostile = fc.constantFrom(
      '[app] Ban 1.2.3.4',
      "Jail 'app' stopped",
      'Exiting Fail2ban',
      '\n',
      '\u001b[2J',
      '] Ban ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, text), { maxLength: 5 }), (parts) => {
        const fact = factOf(withLogger('filter', 'WARNING', `[app] Please check ${parts.join('')}`))
        expect(fact).toBeUndefined()
      }),
    )
  })
})
