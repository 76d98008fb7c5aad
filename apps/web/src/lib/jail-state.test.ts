// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { jailOf } from '../../test/fixtures.ts'
import { describeJail, needsAttention } from './jail-state.ts'

const stranger = { enabled: false, unconfigured: true, filter: null }

describe('describeJail', () => {
  it.each([
    ['running', {}, true],
    ['idle', { idle: true }, true],
    ['off', { enabled: false, running: false }, true],
    ['down', { running: false }, true],
    ['logless', { running: false, waitsForLog: true }, true],
    ['waiting', { running: false }, false],
    ['waiting', { running: true }, false],
    ['off', { enabled: false, running: true }, false],
    ['leftover', { enabled: false }, true],
    ['stranger', stranger, true],
  ] as const)('tells a jail that is %s', (kind, over, online) => {
    expect(describeJail(jailOf('x', { ...over, logPaths: [] }), online).kind).toBe(kind)
  })
})

describe('needsAttention', () => {
  it.each([
    ['one that runs', {}, true, false],
    ['an idle one', { idle: true }, true, true],
    ['one that should run and does not', { running: false }, true, true],
    ['one that fail2ban leaves out until it has a log', { running: false, waitsForLog: true }, true, false],
    ['one that waits for a daemon that is down', { running: false }, false, false],
    ['one that runs with a configuration that makes no sense', { problem: 'x' }, true, true],
    [
      'one that is off with a configuration that makes no sense',
      { enabled: false, running: false, problem: 'x' },
      true,
      false,
    ],
    ['one that the configuration does not have', stranger, true, true],
  ] as const)('%s', (...[, over, online, expected]) => {
    expect(needsAttention(jailOf('x', { ...over, logPaths: [] }), online)).toBe(expected)
  })
})
