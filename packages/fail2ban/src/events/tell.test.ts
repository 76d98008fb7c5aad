import { describe, expect, it } from 'vitest'
import { createTeller } from './tell.ts'
import { createZoneClock } from './zone-clock.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')

/** The moments of lines of one process, in their order. */
function momentsOf(zone: string, ...texts: string[]) {
  const clock = createZoneClock(zone)
  const { tell } = createTeller(
    () => clock,
    () => NOW,
  )
  const unban = { type: 'unban', jail: 'sshd', address: '192.0.2.1' } as const
  return texts.map((text) =>
    new Date(tell(unban, { time: { text, milliseconds: 7 }, pid: 1 }).at).toISOString().slice(5, 23),
  )
}

describe('lines of a daemon whose clock changes', () => {
  it('go on through the hour that autumn repeats', () => {
    expect(
      momentsOf(
        'Europe/Berlin',
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

  it('go on over the hour that spring skips', () => {
    expect(momentsOf('Europe/Berlin', '2026-03-29 01:59:59', '2026-03-29 03:00:00')).toEqual([
      '03-29T00:59:59.007',
      '03-29T01:00:00.007',
    ])
  })

  it('have the times that they say where it was set back by an hour, and in order after that', () => {
    const times = ['2026-06-10 12:00:00', '2026-06-10 11:00:01', '2026-06-10 11:00:02']
    expect(momentsOf('Europe/Berlin', ...times)).toEqual([
      '06-10T10:00:00.007',
      '06-10T09:00:01.007',
      '06-10T09:00:02.007',
    ])
  })

  it('stay in the second of the repeated hours when two threads log out of order', () => {
    const times = ['2026-10-25 02:59:59', '2026-10-25 02:00:01', '2026-10-25 02:00:00']
    expect(momentsOf('Europe/Berlin', ...times)).toEqual([
      '10-25T00:59:59.007',
      '10-25T01:00:01.007',
      '10-25T01:00:00.007',
    ])
  })

  it('are of now where their time is none', () => {
    expect(momentsOf('UTC', '2026-13-01 00:00:00')).toEqual([new Date(NOW).toISOString().slice(5, 23)])
  })
})

describe('a failure', () => {
  const failedAt = (zone: string, line: string, failure: string) => {
    const clock = createZoneClock(zone)
    const { tell } = createTeller(
      () => clock,
      () => NOW,
    )
    const fact = {
      type: 'failure',
      jail: 'sshd',
      address: '192.0.2.1',
      failedAt: { text: failure, milliseconds: 0 },
    } as const
    const at = Date.parse(line)
    const told = tell(fact, { at })
    return told.type === 'failure' ? new Date(told.failedAt).toISOString() : undefined
  }

  it('of the hour that is there twice lies in the one that its line was written in', () => {
    expect(failedAt('Europe/Berlin', '2026-10-25T00:30:01Z', '2026-10-25 02:30:00')).toBe(
      '2026-10-25T00:30:00.000Z',
    )
    expect(failedAt('Europe/Berlin', '2026-10-25T01:30:01Z', '2026-10-25 02:30:00')).toBe(
      '2026-10-25T01:30:00.000Z',
    )
  })
})

it.each([
  ['2026-06-12 12:00:00', '06-12T10:00:00.000'],
  ['2026-12-12 12:00:00', '12-12T11:00:00.000'],
])('the end %s of an increased ban is a moment in the zone of the daemon', (text, moment) => {
  const { tell } = createTeller(
    () => createZoneClock('Europe/Berlin'),
    () => NOW,
  )
  const fact = {
    type: 'extend',
    jail: 'sshd',
    address: '192.0.2.1',
    times: 2,
    duration: 600,
    endsAt: { text, milliseconds: 0 },
  } as const
  const told = tell(fact, { time: { text: '2026-06-10 12:00:00', milliseconds: 7 }, pid: 1 })
  const { endsAt: _, ...extension } = fact
  expect(told).toMatchObject(extension)
  expect('until' in told && new Date(told.until ?? 0).toISOString().slice(5, 23)).toBe(moment)
})
