import { type Event, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { countryName } from '../lib/country.ts'
import { Link } from '../ui/link.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StatusDot } from '../ui/status-dot.tsx'
import { addressHref } from '../lib/address-path.ts'
import { describeEvent } from './event-words.ts'
import styles from './live-feed.module.css'

/** One event of a feed: what happened, to which address, where and when. Events never change. */
export function FeedRow(props: { event: Event }): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- an event never changes
  const { event } = props
  const words = describeEvent(event)
  const address = 'address' in event ? event.address : undefined
  const jail = 'jail' in event ? event.jail : undefined
  const country = 'country' in event ? event.country : undefined
  const rest = [words.detail, country ? countryName(country) : ''].filter(Boolean).map(showHidden).join(' · ')
  return (
    <li class={styles['row']}>
      <span class={styles['what']}>
        <StatusDot tone={words.tone} label={words.word} />
        <Show when={address}>
          {(text) => (
            <span class={styles['address']} data-whole="">
              <Link href={addressHref(text())} quiet>
                {text()}
              </Link>
            </span>
          )}
        </Show>
      </span>
      <span class={styles['where']}>
        {/* two links this close are hard to hit apart */}
        <Show when={address === undefined || address === null} fallback={showHidden(jail ?? '')}>
          <Show when={jail}>
            {(name) => (
              <Link href={`/jails/${encodeURIComponent(name())}`} quiet>
                {showHidden(name())}
              </Link>
            )}
          </Show>
        </Show>
        <Show when={rest}>
          <span class={styles['rest']}>{rest}</span>
        </Show>
      </span>
      <span class={styles['when']}>
        <RelativeTime time={event.at} />
      </span>
    </li>
  )
}
