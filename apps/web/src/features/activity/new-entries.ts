import type { ActivityFilter, ActivityKind, EventType } from '@bangui/shared'
import { type Accessor, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import { createFeedFilter } from '../../feed/feed-filter.ts'
import { type EventCounts, type FeedItem, MAX_FEED_LENGTH } from '../../live/reducer.ts'
import { useLive } from '../../live/live-store.tsx'

/** However many events come, the beginning of the list is loaded again at most this often. */
const RELOAD_INTERVAL_MS = 2_000

/** The types of events that each kind of entries comes from; operations have messages of their own. */
const typesOfKind: Readonly<Record<ActivityKind, readonly EventType[]>> = {
  ban: ['ban.added'],
  unban: ['ban.removed', 'ban.extended'],
  failure: ['failure.found'],
  ignored: ['failure.ignored'],
  system: ['jail.changed', 'daemon.changed', 'action.failed', 'health.changed'],
  change: ['config.changed', 'blocklist.failed', 'blocklist.held', 'blocklist.changed'],
}

export type NewEntriesOptions = {
  filter: Accessor<ActivityFilter>
  /** the beginning of the list is being loaded */
  isLoading: Accessor<boolean>
  /** somebody reads: nothing on the screen may change by itself */
  isHeld: Accessor<boolean>
  reload: () => void
}

/** Counts the entries that are not in the list yet, and loads them as they come while nobody reads. */
export function createNewEntries(options: NewEntriesOptions) {
  const live = useLive()
  const kinds = () => options.filter().kinds ?? (Object.keys(typesOfKind) as ActivityKind[])
  const types = createMemo(() => new Set(kinds().flatMap((kind) => typesOfKind[kind])))
  const operations = createMemo(() =>
    kinds().includes('change')
      ? Object.values(live.operations)
          .map(({ id, state }) => `${id} ${state}`)
          .join()
      : '',
  )
  const now = (): Seen => ({
    counts: live.counts,
    id: live.feed[0]?.id ?? 0,
    operations: operations(),
  })
  // entries after this moment may be missing in the reply
  const before = createMemo((last: Seen) => (options.isLoading() ? untrack(now) : last), untrack(now))
  const matches = createMemo(() => {
    const { jail, country, search } = options.filter()
    return createFeedFilter({ jail, country, search })
  })
  const isMissed = ({ id, event }: FeedItem) =>
    id > before().id &&
    types().has(event.type) &&
    !(event.type === 'failure.found' && event.echo) &&
    matches()(event)
  const isOpen = () => (options.filter().to ?? Infinity) > Date.now()
  const countOf = (counts: EventCounts) =>
    [...types()].reduce((sum, type) => sum + (counts[type] ?? 0), 0) -
    (types().has('failure.found') ? (counts.echoes ?? 0) : 0)
  const count = createMemo(() => {
    if (!isOpen()) return 0
    const { jail, country, search, origin, first } = options.filter()
    // what is sent of many events at once are the newest
    if (!jail && !country && !search && !origin && !first)
      return countOf(live.counts) - countOf(before().counts)
    return live.feed.filter(isMissed).length
  })
  const isStale = () => isOpen() && (count() > 0 || operations() !== before().operations)
  createReload(options, isStale)
  return {
    count,
    /** the feed keeps no more events, so there may be more that match */
    isAtLeast: () => count() >= MAX_FEED_LENGTH,
  }
}

type Seen = {
  readonly counts: EventCounts
  /** the newest event */
  readonly id: number
  readonly operations: string
}

/** Reloads while something is new and nobody reads: at once, then not before the interval is over. */
function createReload(
  { isHeld, isLoading, reload }: Pick<NewEntriesOptions, 'isHeld' | 'isLoading' | 'reload'>,
  isStale: Accessor<boolean>,
): void {
  const [isResting, setResting] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  createEffect(() => {
    if (!isStale() || isHeld() || isLoading() || isResting()) return
    setResting(true)
    timer = setTimeout(() => setResting(false), RELOAD_INTERVAL_MS)
    untrack(reload)
  })
  onCleanup(() => clearTimeout(timer))
}
