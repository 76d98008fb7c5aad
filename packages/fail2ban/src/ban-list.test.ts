import { describe, expect, test } from 'vitest'
import { berlinRule, clocksIn } from '../test/clocks-in.ts'
import { dateBan, mapInChunks, parseBanLine } from './ban-list.ts'
import { findOwnZone } from './daemon-time/process-zone.ts'
import { createDaemonClock, type DaemonClock } from './daemon-time/daemon-clock.ts'
import { localTime } from './local-time.ts'

const here = createDaemonClock(() => [{ zone: findOwnZone(), isOwn: true }])
const berlin = await clocksIn(berlinRule).createForNow()
const now = Date.UTC(2026, 11, 31)

const readBan = (text: string, clock: DaemonClock) => {
  const listed = parseBanLine(text)
  return listed && dateBan(listed, clock, { now })
}

const line = (id: string, start: number, duration: number) => {
  const end = duration < 0 ? '9999-12-31 23:59:59' : localTime(new Date(start + duration * 1000))
  return `${id} \t${localTime(new Date(start))} + ${duration} = ${end}`
}

describe('a line of the ban list with times', () => {
  const start = Date.UTC(2026, 10, 20, 18, 2, 53)

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['not-an-ip.invalid', 'not-an-ip.invalid'],
    ['a b\u001b[31m', String.raw`"a b\u{1b}[31m"`],
    ['a\nb', String.raw`"a\u{a}b"`],
    ['', '""'],
  ])('gives the ban of %j', (id, address) => {
    expect(readBan(line(id, start, 600), here)).toEqual({
      address,
      bannedAt: start,
      duration: 600,
      until: start + 600_000,
    })
  })

  test('of a permanent ban has no end', () => {
    expect(readBan(line('192.0.2.7', start, -1), here)).toEqual({
      address: '192.0.2.7',
      bannedAt: start,
      duration: -1,
      until: null,
    })
  })

  test.each(['', '192.0.2.7', '192.0.2.7 \t2026-11-20 + 600 = x'])('is left out when it is %j', (text) => {
    expect(readBan(text, here)).toBeUndefined()
  })

  test.each([
    ['03:30:00', '2026-10-25T00:30:00Z'],
    ['04:30:00', '2026-10-25T01:30:00Z'],
  ])('in the hour that a clock change repeats is told apart by its end at %s', (end, moment) => {
    const text = `192.0.2.7 \t2026-10-25 02:30:00 + 7200 = 2026-10-25 ${end}`
    const bannedAt = Date.parse(moment)
    expect(readBan(text, berlin)).toMatchObject({ bannedAt, until: bannedAt + 7_200_000 })
  })

  test('over the hour that a clock change skips ends as many seconds later', () => {
    const text = '192.0.2.7 \t2026-03-29 01:30:00 + 7200 = 2026-03-29 04:30:00'
    const bannedAt = Date.parse('2026-03-29T00:30:00Z')
    expect(readBan(text, berlin)).toMatchObject({ bannedAt, until: bannedAt + 7_200_000 })
  })
})

test('a long list is worked through without keeping others waiting', async () => {
  let turns = 0
  const counter = setInterval(() => turns++, 0)
  const results = await mapInChunks(
    Array.from({ length: 200_000 }, (_, n) => line(`10.0.${n >> 8}.${n & 255}`, 0, 600)),
    (text) => readBan(text, here),
  )
  clearInterval(counter)
  expect(results).toHaveLength(200_000)
  expect(turns).toBeGreaterThan(10)
})
