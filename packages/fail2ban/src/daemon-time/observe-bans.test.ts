import { describe, expect, it } from 'vitest'
import { dateBan, parseBanLine, type ListedBan } from '../ban-list.ts'
import { createDaemonClock, type ZoneHint } from './daemon-clock.ts'
import { observeListed } from './observe-bans.ts'
import { fixedZone, utc } from './zone.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-10-25T06:00:00Z')

const text = (at: number, offset: number) =>
  new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ')

interface Began {
  readonly at: number
  /** seconds */
  readonly duration: number
  readonly offset: number
  /** of the clock at its end @default the same */
  readonly endOffset?: number
}

/** Bans as a daemon lists them, which its database has all; gives their moments as they are read. */
async function readList(bans: readonly Began[], hints: readonly ZoneHint[]) {
  const listed = bans.flatMap(({ at, duration, offset, endOffset = offset }, index): ListedBan | [] => {
    const end = duration < 0 ? '9999-12-31 23:59:59' : text(at + duration * 1000, endOffset)
    return parseBanLine(`192.0.2.${index} \t${text(at, offset)} + ${duration} = ${end}`) ?? []
  })
  const clock = createDaemonClock(() => hints)
  const began = await observeListed(clock, { jail: 'sshd', listed, now }, async (pairs) =>
    pairs.map(({ address }) => [bans[Number(address.split('.')[3])]?.at ?? 0]),
  )
  return listed.map((ban) => dateBan(ban, clock, { now, began: began.get(ban) }).bannedAt)
}

const inUtc: ZoneHint = { zone: utc, isOwn: true }

describe('the bans that a daemon lists', () => {
  it.each([5.5, -3.5, 0])('begin when its database says, %f hours away from BanGUI', async (hours) => {
    const at = [now - 3 * HOUR, now - HOUR, now - 1000]
    const bans = at.map((each) => ({ at: each, duration: 86_400, offset: hours * HOUR }))
    expect(await readList(bans, [inUtc])).toEqual(at)
  })

  it('begin when they began also before the clock was changed, where only the database shows that it was', async () => {
    const before = { at: now - 8 * HOUR, duration: 86_400, offset: 2 * HOUR, endOffset: HOUR }
    const after = { at: now - 2 * HOUR, duration: 86_400, offset: HOUR }
    const permanent = { at: now - 9 * HOUR, duration: -1, offset: 2 * HOUR }
    const later = Array.from({ length: 100 }, (_, index) => ({ ...after, at: after.at + index * 1000 }))
    const bans = [...later, before, permanent]
    expect(await readList(bans, [{ zone: fixedZone(HOUR), isOwn: false }])).toEqual(bans.map(({ at }) => at))
  })
})
