import type { Event } from '@bangui/shared'
import Pause from 'lucide-solid/icons/pause'
import Play from 'lucide-solid/icons/play'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { formatNumber } from '../lib/format.ts'
import { MAX_FEED_LENGTH, type FeedItem } from '../live/reducer.ts'
import { useLive } from '../live/live-store.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Link } from '../ui/link.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { createReading } from '../ui/reading.ts'
import { createFeed } from './create-feed.ts'
import { type Earlier, feedQueries } from './feed-queries.ts'
import { createFeedFilter, type FeedFilter, jailOf } from './feed-filter.ts'
import { FeedRow } from './feed-row.tsx'
import styles from './live-feed.module.css'

export type LiveFeedProps = {
  filter?: FeedFilter
  /** how many events are shown. @default 30 */
  rows?: number
  /** a link to more events */
  more?: string
  /** @default 'Live' */
  title?: string
}

/** Live events, newest first. Rows do not move while somebody reads or has paused the feed. */
export function LiveFeed(props: LiveFeedProps): JSX.Element {
  const live = useLive()
  const [paused, setPaused] = createSignal(false)
  const reading = createReading()
  const earlier = createEarlier(() => ({
    jail: jailOf(props.filter ?? {}),
    kind: props.filter?.kind,
  }))
  const matches = createMemo(() => createFeedFilter(props.filter ?? {}))
  const feed = createFeed({
    items: () => [...live.feed, ...earlier.items()],
    matches: (event) => matches()(event),
    isHeld: () => paused() || reading.isReading(),
    // oxlint-disable-next-line solid/reactivity -- a feed keeps the number of rows that its page gave it
    rows: props.rows ?? 30,
  })
  const places = createMemo(() => feed.shown().map((_, place) => place))
  const isFiltered = () => Object.values(props.filter ?? {}).some(Boolean)
  const emptyText = () => {
    if (earlier.isError()) return 'Earlier events could not be loaded. New events appear here.'
    if (isFiltered()) return 'No recent event matches these filters.'
    return 'Nothing has happened yet. Bans, failures and changes of jails appear here as they happen.'
  }
  const words = () => {
    const count = feed.waiting()
    return count >= MAX_FEED_LENGTH
      ? `${formatNumber(MAX_FEED_LENGTH)} or more new`
      : `${formatNumber(count)} new`
  }

  return (
    <Card
      title={props.title ?? 'Live'}
      flush
      actions={
        <>
          <Show when={feed.waiting() > 0}>
            <Button size="sm" onClick={feed.draw}>
              {words()}
            </Button>
          </Show>
          <IconButton
            size="sm"
            label={paused() ? 'Resume' : 'Pause'}
            icon={paused() ? <Play /> : <Pause />}
            aria-pressed={paused()}
            onClick={() => setPaused(!paused())}
          />
          <Show when={props.more}>{(href) => <Link href={href()}>All activity</Link>}</Show>
        </>
      }
    >
      <ol class={styles['list']} aria-label="Events, newest first" {...reading.handlers}>
        {/* by place: rows stay where they are on the screen, and what they show changes */}
        <For
          each={places()}
          fallback={
            <Show when={!earlier.isPending()} fallback={<FeedShape />}>
              <li class={styles['empty']}>{emptyText()}</li>
            </Show>
          }
        >
          {(place) => (
            <Show when={feed.shown()[place]} keyed>
              {(item) => <FeedRow event={item.event} />}
            </Show>
          )}
        </For>
      </ol>
    </Card>
  )
}

function FeedShape(): JSX.Element {
  return (
    <For each={[1, 2, 3, 4, 5]}>
      {() => (
        <li class={styles['empty']} aria-busy="true">
          <Skeleton width="70%" />
        </li>
      )}
    </For>
  )
}

/** Returns events from before the page was opened, newest first; of one jail or kind, if the filter names it. */
function createEarlier(about: () => Earlier) {
  const api = useStatsApi()
  const live = useLive()
  const query = useQuery(() => {
    // fetched once the stream has begun, so that no event in between is missed
    const enabled = live.runtime !== undefined
    return { ...feedQueries.earlier(api, about()), enabled }
  })
  // the same objects each time, so that their rows are kept
  const all = createMemo(() => (query.data ?? []).map(({ event }, index) => ({ id: -index, event })))
  const items = createMemo((): readonly FeedItem[] => {
    const known = new Set(live.feed.map(({ event }) => keyOf(event)))
    return all().filter(({ event }) => !known.has(keyOf(event)))
  })
  return { items, isPending: () => query.isPending, isError: () => query.isError }
}

const keyOf = (event: Event) =>
  [event.type, event.at, 'jail' in event && event.jail, 'address' in event && event.address].join(' ')
