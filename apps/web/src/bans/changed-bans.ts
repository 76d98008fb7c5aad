import type { Ban, Event } from '@bangui/shared'
import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { useLive } from '../live/live-store.tsx'
import { onStreamBegin } from '../live/stream-begin.ts'
import { banKey } from './ban-view.ts'

export type ChangedBansOptions = {
  /** the jail that is shown; '' for all jails */
  jail: () => string
  /** listed bans: if their event comes later, they do not count as new */
  listed: () => readonly Pick<Ban, 'address' | 'jail' | 'since'>[]
  /** somebody reads: rows must not move */
  isReading: () => boolean
  /** fetches the list again */
  refresh: () => void
}

/** The list is fetched again at most this often. */
const REFRESH_INTERVAL_MS = 2_000

/** How far the beginning of a ban may differ between fail2ban's log and its list. */
const SAME_BAN_TOLERANCE_MS = 2_000

/**
 * What happened to bans since the list was loaded: how many began, and which ended. While nobody reads, the list is
 * fetched again automatically, also when the stream has begun; otherwise new bans wait.
 */
export function createChangedBans(options: ChangedBansOptions) {
  const live = useLive()
  const total = () => (live.counts['ban.added'] ?? 0) + (live.counts['ban.extended'] ?? 0)
  const ends = () => live.counts['ban.removed'] ?? 0
  const [seen, setSeen] = createSignal(total())
  const [seenEnds, setSeenEnds] = createSignal(ends())
  const [since, setSince] = createSignal(newest(live.feed))
  const corrections = () => live.runtime?.watching.corrections ?? 0
  const [seenCorrections, setSeenCorrections] = createSignal(corrections())
  const [isBehind, setBehind] = createSignal(false)
  onStreamBegin(() => setBehind(true))

  const recent = createMemo(() => live.feed.filter((item) => item.id > since()).map((item) => item.event))
  const concerns = (event: Event) =>
    'jail' in event && (options.jail() === '' || event.jail === options.jail())
  const begins = createMemo(() => new Map(options.listed().map((ban) => [banKey(ban), ban.since])))
  const isListed = (ban: Extract<Event, { type: 'ban.added' }>) =>
    (begins().get(banKey(ban)) ?? -Infinity) >= ban.at - SAME_BAN_TOLERANCE_MS
  const added = () => {
    const events = recent().filter((event) => event.type === 'ban.added')
    // the feed does not contain all of them
    if (options.jail() === '') return Math.max(0, total() - seen() - events.filter(isListed).length)
    return events.filter((event) => concerns(event) && !isListed(event)).length
  }
  const ended = createMemo(() => {
    const keys = new Set<string>()
    // oldest first, so that an address that was banned again does not count as ended
    for (const event of recent().toReversed()) {
      if (event.type === 'ban.removed') keys.add(banKey(event))
      if (event.type === 'ban.added') keys.delete(banKey(event))
    }
    return keys
  })

  const settle = () => {
    setSeen(total())
    setSeenEnds(ends())
    setSince(newest(live.feed))
    setSeenCorrections(corrections())
    setBehind(false)
  }
  let last = 0
  createEffect(() => {
    const changed =
      total() > seen() || ends() > seenEnds() || corrections() !== seenCorrections() || isBehind()
    if (!changed || options.isReading()) return
    const timer = setTimeout(
      () => {
        last = Date.now()
        options.refresh()
      },
      Math.max(0, last + REFRESH_INTERVAL_MS - Date.now()),
    )
    onCleanup(() => clearTimeout(timer))
  })
  return { added, ended, settle }
}

const newest = (feed: readonly { id: number }[]) => feed[0]?.id ?? 0
