import { describe, expect, it } from 'vitest'
import { berlinRule, clocksIn } from '../../test/clocks-in.ts'
import type { LogFact } from './parse-log-line.ts'
import { createTimestamper } from './timestamp-lines.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')

const past = { from: Number.NEGATIVE_INFINITY, to: NOW }
const tellerIn = (rule: string) => createTimestamper({ clocks: clocksIn(rule), clock: () => NOW })

/** What a line tells that was read with no other. */
async function tellLine(rule: string, fact: LogFact, text: string) {
  const timestamper = tellerIn(rule)
  await timestamper.add([{ fact, time: { text, milliseconds: 7 }, pid: 1 }], past)
  const [told] = await timestamper.finish(async () => undefined)
  return told
}

/** The moments of lines of one process, in their order. */
async function momentsOf(rule: string, ...texts: string[]) {
  const timestamper = tellerIn(rule)
  const fact = { type: 'unban', jail: 'sshd', address: '192.0.2.1' } as const
  const lines = texts.map((text) => ({ fact, time: { text, milliseconds: 7 }, pid: 1 }))
  const told = [...(await timestamper.add(lines, past)), ...(await timestamper.finish(async () => undefined))]
  return told.map(({ at }) => new Date(at).toISOString().slice(5, 23))
}

describe('lines of a daemon whose clock changes', () => {
  it('go on through the hour that autumn repeats', async () => {
    expect(
      await momentsOf(
        berlinRule,
        '2026-10-25 01:59:59',
        '2026-10-25 02:30:00',
        '2026-10-25 02:59:59',
        '2026-10-25 02:00:00',
        '2026-10-25 02:59:50',
        '2026-10-25 03:00:00',
      ),
    ).toEqual([
      '10-24T23:59:59.007',
      '10-25T00:30:00.007',
      '10-25T00:59:59.007',
      '10-25T01:00:00.007',
      '10-25T01:59:50.007',
      '10-25T02:00:00.007',
    ])
  })

  it('go on over the hour that spring skips', async () => {
    expect(await momentsOf(berlinRule, '2026-03-29 01:59:59', '2026-03-29 03:00:00')).toEqual([
      '03-29T00:59:59.007',
      '03-29T01:00:00.007',
    ])
  })

  it('have the times that they say where it was set back by an hour, and in order after that', async () => {
    const times = ['2026-06-10 12:00:00', '2026-06-10 11:00:01', '2026-06-10 11:00:02']
    expect(await momentsOf(berlinRule, ...times)).toEqual([
      '06-10T10:00:00.007',
      '06-10T09:00:01.007',
      '06-10T09:00:02.007',
    ])
  })

  it('stay in the second of the repeated hours when two threads log out of order', async () => {
    const times = ['2026-10-25 02:59:59', '2026-10-25 02:00:01', '2026-10-25 02:00:00']
    expect(await momentsOf(berlinRule, ...times)).toEqual([
      '10-25T00:59:59.007',
      '10-25T01:00:01.007',
      '10-25T01:00:00.007',
    ])
  })

  it('are of now where their time is none', async () => {
    expect(await momentsOf('UTC0', '2026-13-01 00:00:00')).toEqual([new Date(NOW).toISOString().slice(5, 23)])
  })
})

describe('a failure', () => {
  it.each([
    ['2026-10-25T00:30:01Z', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T01:30:01Z', '2026-10-25T01:30:00.000Z'],
  ])('of the hour that is there twice lies in the one that its line was written in: %s', (line, moment) => {
    const failedAt = { text: '2026-10-25 02:30:00', milliseconds: 0 }
    const fact = { type: 'failure', jail: 'sshd', address: '192.0.2.1', failedAt } as const
    const told = tellerIn(berlinRule).stamp(fact, { at: Date.parse(line), pid: 1 })
    expect(told.type === 'failure' && new Date(told.failedAt).toISOString()).toBe(moment)
  })
})

it.each([
  ['2026-06-12 12:00:00', '06-12T10:00:00.000'],
  ['2026-12-12 12:00:00', '12-12T11:00:00.000'],
])('the end %s of an increased ban is a moment in the zone of the daemon', async (text, moment) => {
  const fact = {
    type: 'extend',
    jail: 'sshd',
    address: '192.0.2.1',
    times: 2,
    duration: 600,
    endsAt: { text, milliseconds: 0 },
  } as const
  const told = await tellLine(berlinRule, fact, '2026-06-10 12:00:00')
  const { endsAt: _, ...extension } = fact
  expect(told).toMatchObject(extension)
  expect(told && 'until' in told && new Date(told.until ?? 0).toISOString().slice(5, 23)).toBe(moment)
})
