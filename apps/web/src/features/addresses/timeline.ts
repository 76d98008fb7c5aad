import { type AddressDetail, DAY_MS } from '@bangui/shared'

export type TimelineDay = {
  /** the beginning of the UTC day, epoch milliseconds */
  day: number
  bans: number
  jails: readonly { jail: string; bans: number }[]
  /** nothing of the day was recorded */
  isUnrecorded: boolean
}

/** Returns every day from the first ban to today, oldest first, at least 30 and at most `most`. */
export function timelineDays(
  { timeline, recordedSince }: Pick<AddressDetail, 'timeline' | 'recordedSince'>,
  now: number,
  most = 120,
): readonly TimelineDay[] {
  const today = Math.floor(now / DAY_MS)
  const first = timeline[0] ? Math.floor(timeline[0].day / DAY_MS) : today
  const length = Math.min(most, Math.max(30, today - first + 1))
  const days = new Map<number, { jail: string; bans: number }[]>()
  for (const { day, jail, bans } of timeline) {
    const at = Math.floor(day / DAY_MS)
    days.set(at, [...(days.get(at) ?? []), { jail, bans }])
  }
  return Array.from({ length }, (_, index) => {
    const at = today - length + 1 + index
    const jails = days.get(at) ?? []
    return {
      day: at * DAY_MS,
      jails,
      bans: jails.reduce((sum, each) => sum + each.bans, 0),
      isUnrecorded: (at + 1) * DAY_MS <= recordedSince,
    }
  })
}
