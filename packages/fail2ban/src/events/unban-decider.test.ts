import type { HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { clocksIn } from '../../test/clocks-in.ts'
import { recordedLines, type RecordedPart } from '../../test/recorded-log.ts'
import { parseLogLine } from './parse-log-line.ts'
import { STOP_PAUSE_MS } from './held-unbans.ts'
import { createUnbanDecider, type LogRecord, type UnbanDecider } from './unban-decider.ts'
import { createTimestamper } from './timestamp-lines.ts'

const at = Date.UTC(2026, 0, 1)
const unban = (address: string, options: { jail?: string; at?: number } = {}): LogRecord => ({
  type: 'unban',
  jail: 'app',
  address,
  at,
  ...options,
})
const ban = (address: string, jail = 'app'): LogRecord => ({
  type: 'ban',
  jail,
  address,
  restored: false,
  at,
})
const restored = (address: string, jail = 'app'): LogRecord => ({
  type: 'ban',
  jail,
  address,
  restored: true,
  at,
})
const stopped = (jail = 'app'): LogRecord => ({ type: 'jail', jail, change: 'stopped', at })
const failure = (address: string): LogRecord => ({ type: 'failure', jail: 'app', address, failedAt: at, at })

const tell = (event: HostEvent): string =>
  event.type === 'jail'
    ? `${event.jail} ${event.change}`
    : `${event.type}${'jail' in event ? ` ${event.jail}` : ''}${'address' in event ? ` ${event.address}` : ''}`

const takeReady = (decider: UnbanDecider) =>
  decider
    .take(10_000)
    .filter(({ type }) => type !== 'suspended')
    .map(tell)

function settle(...told: readonly LogRecord[]) {
  const decider = createUnbanDecider()
  for (const one of told) decider.push(one)
  return {
    decider,
    ready: () => takeReady(decider),
    unbans: () => takeReady(decider).filter((text) => text.startsWith('unban')),
  }
}

describe('unbans of a stop', () => {
  it('end nothing when the jail is stopped after them', () => {
    expect(settle(unban('1.1.1.1'), unban('2.2.2.2'), stopped()).ready()).toEqual(['app stopped'])
  })

  it('end nothing once the daemon said that it stops', () => {
    const { unbans } = settle({ type: 'shutdown', at }, unban('1.1.1.1'), unban('2.2.2.2', { jail: 'web' }))
    expect(unbans()).toEqual([])
  })

  it('end nothing when the jail restores bans after them, whatever else the log leaves out', () => {
    expect(settle(unban('1.1.1.1'), restored('1.1.1.1')).ready()).toEqual(['ban app 1.1.1.1'])
  })

  it('end nothing when the daemon then no longer has the jail', () => {
    const { decider, unbans } = settle(unban('1.1.1.1'))
    expect(decider.decide(decider.heldEnd() ?? 0, new Set(['web']))).toBe(true)
    expect(unbans()).toEqual([])
  })
})

describe('an unban that ends nothing', () => {
  it('is emitted as suspended, in its place, so that a ban that does not come back has its end', () => {
    const { decider } = settle(unban('1.1.1.1'), failure('5.5.5.5'), stopped())
    expect(decider.take(10).map(tell)).toEqual([
      'suspended app 1.1.1.1',
      'failure app 5.5.5.5',
      'app stopped',
    ])
  })

  it('is suspended at once where the daemon logged its stop before, or the line itself names it', () => {
    const repeal = (address: string): LogRecord => ({ type: 'suspended', jail: 'app', address, at })
    const { decider } = settle(unban('1.1.1.1'), repeal('2.2.2.2'), { type: 'shutdown', at })
    decider.push(unban('3.3.3.3'))
    decider.push(repeal('4.4.4.4'))
    const about = { jail: 'app', at }
    expect(decider.take(10)).toEqual([
      { ...about, type: 'unban', address: '1.1.1.1' },
      { ...about, type: 'suspended', address: '2.2.2.2' },
      { type: 'shutdown', at },
      { ...about, type: 'suspended', address: '3.3.3.3', daemonStops: true },
      { ...about, type: 'suspended', address: '4.4.4.4', daemonStops: true },
    ])
  })

  it('is suspended where the daemon no longer has the jail', () => {
    const { decider } = settle(unban('1.1.1.1'), failure('5.5.5.5'))
    decider.decide(decider.heldEnd() ?? 0, new Set())
    expect(decider.take(10).map(tell)).toEqual(['suspended app 1.1.1.1', 'failure app 5.5.5.5'])
    expect(decider.heldEnd()).toBeUndefined()
  })
})

describe('other unbans are real', () => {
  it.each([
    ['when the jail bans after them', ban('3.3.3.3')],
    ['when the jail was reloaded', { type: 'jail', jail: 'app', change: 'reloaded', at } as const],
    ['when the daemon begins to stop only after them', { type: 'shutdown', at } as const],
    ['when the jail begins to end all bans only after them', { type: 'flush', jail: 'app', at } as const],
    [
      'when a daemon starts that did not stop',
      { type: 'daemon', online: true, version: '1.0.2', pid: 7, at } as const,
    ],
    [
      'when the log is past the time that a stop takes',
      { ...ban('9.9.9.9', 'web'), at: at + STOP_PAUSE_MS + 1 },
    ],
  ])('%s', (_, sign) => {
    expect(settle(unban('1.1.1.1'), sign).unbans()).toEqual(['unban app 1.1.1.1'])
  })

  it('when the jail stops long after them', () => {
    const later = at + STOP_PAUSE_MS + 1
    const { unbans } = settle(unban('1.1.1.1'), unban('2.2.2.2', { at: later }), { ...stopped(), at: later })
    expect(unbans()).toEqual(['unban app 1.1.1.1'])
  })

  it('when the daemon has the jail still', () => {
    const { decider, unbans } = settle(unban('1.1.1.1'))
    decider.decide(decider.heldEnd() ?? 0, new Set(['app']))
    expect(unbans()).toEqual(['unban app 1.1.1.1'])
  })

  it('when the jail goes on finding failures', () => {
    const { unbans } = settle(unban('1.1.1.1'), ...Array.from({ length: 20 }, () => failure('5.5.5.5')))
    expect(unbans()).toEqual(['unban app 1.1.1.1'])
  })
})

describe('while an unban waits', () => {
  it('other jails do not, and its own keeps its order', () => {
    const { decider, ready } = settle(unban('1.1.1.1'), failure('5.5.5.5'), ban('7.7.7.7', 'web'))
    expect(ready()).toEqual(['ban web 7.7.7.7'])
    decider.push(ban('5.5.5.5'))
    expect(ready()).toEqual(['unban app 1.1.1.1', 'failure app 5.5.5.5', 'ban app 5.5.5.5'])
  })

  it('an answer from before the next unban says nothing of that one', () => {
    const { decider, ready } = settle(unban('1.1.1.1'))
    const mark = decider.heldEnd() ?? 0
    decider.push(unban('2.2.2.2'))
    decider.decide(mark, new Set(['app']))
    expect(ready()).toEqual(['unban app 1.1.1.1'])
    decider.push(stopped())
    expect(ready()).toEqual(['app stopped'])
  })

  it('is kept with what is ready, through a restart of BanGUI', () => {
    const { decider } = settle(unban('1.1.1.1'), failure('5.5.5.5'), ban('7.7.7.7', 'web'))
    const again = createUnbanDecider(JSON.parse(JSON.stringify(decider.state())))
    expect(takeReady(again)).toEqual(['ban web 7.7.7.7'])
    again.push(stopped())
    expect(takeReady(again)).toEqual(['failure app 5.5.5.5', 'app stopped'])
  })

  it('a stop of the daemon is remembered through a restart of BanGUI', () => {
    const { decider } = settle({ type: 'shutdown', at })
    const again = createUnbanDecider(JSON.parse(JSON.stringify(decider.state())))
    again.push(unban('1.1.1.1'))
    again.push({ type: 'daemon', online: true, version: '1.0.2', pid: 7, at })
    again.push(unban('2.2.2.2'))
    again.push(ban('3.3.3.3'))
    expect(takeReady(again)).toEqual(['shutdown', 'daemon', 'unban app 2.2.2.2', 'ban app 3.3.3.3'])
  })

  it('no more than 20,000 wait', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => unban(`10.0.${index >> 8}.${index & 255}`))
    const { decider } = settle(...many)
    const held = decider.state().held.flatMap(([, events]) => events)
    expect(held.length).toBeLessThanOrEqual(20_000)
  })
})

describe('what fail2ban 1.0.2 logged', () => {
  const toldBy = async (...parts: RecordedPart[]) => {
    const timestamper = createTimestamper({ clocks: clocksIn('UTC0'), clock: () => 0 })
    const lines = recordedLines(...parts).flatMap((text) => parseLogLine(text) ?? [])
    await timestamper.add(lines, { from: Number.NEGATIVE_INFINITY, to: 0 })
    return timestamper.finish(async () => undefined)
  }

  it.each([
    ['at the stop of a jail', ['stopJail', 'startJail'], 0],
    ['at the restart of a jail', ['restartJail'], 0],
    ['at the restart of the daemon', ['restart'], 0],
    ['at its stop', ['stop'], 0],
    [
      'at a reload that restarts a jail, while one of another jail expires',
      ['reloadRestart', 'reloadJail'],
      1,
    ],
    ['at a reload that unbans', ['reloadUnban'], 2],
    ['for all at once', ['unbanAll', 'stop'], 5],
  ] satisfies [string, RecordedPart[], number][])('unbans %s', async (_, parts, real) => {
    const { decider, unbans } = settle(...(await toldBy(...parts)))
    decider.decide(decider.heldEnd() ?? 0, new Set(['app', 'web', 'short']))
    expect(unbans()).toHaveLength(real)
  })
})
