import { type ActivityRow, showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createMemo, createUniqueId, type JSX, Show } from 'solid-js'
import { AddressLink } from '../../bans/address-link.tsx'
import { useNow } from '../../lib/clock.ts'
import { countryName } from '../../lib/country.ts'
import { formatExact, formatRelative } from '../../lib/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import styles from './activity-list.module.css'
import { describeRow } from './activity-words.ts'
import { BanDetail } from './ban-detail.tsx'

export type ActivityRowProps = {
  /** changes when new entries come: rows keep their place on the screen, and only what they show changes */
  row: ActivityRow
  open: boolean
  onToggle: () => void
}

/** One entry of the activity. A ban opens to its details and the log lines that caused it. */
export function ActivityRowView(props: ActivityRowProps): JSX.Element {
  const id = createUniqueId()
  const words = createMemo(() => describeRow(props.row))
  const ban = () => (props.row.type === 'ban' ? props.row.ban : undefined)
  const detail = () => showHidden(words().detail)
  // what a row is about changes in place, so nothing here holds on to what it was about before
  const jailLink = () => (
    <Show when={words().jail !== undefined}>
      <JailLink jail={words().jail ?? ''} />
    </Show>
  )
  return (
    <li class={styles['item']} data-type={props.row.type}>
      <div class={styles['row']}>
        <span class={styles['open']} data-open={props.open ? '' : undefined}>
          <Show when={ban() !== undefined}>
            <IconButton
              size="sm"
              icon={<ChevronRight />}
              label={`${props.open ? 'Hide' : 'Show'} details of the ban of ${words().address ?? ''}`}
              aria-expanded={props.open}
              aria-controls={id}
              onClick={() => props.onToggle()}
            />
          </Show>
        </span>
        <span class={styles['word']}>
          <StatusDot tone={words().tone} label={words().word} />
        </span>
        <Show
          when={words().address !== undefined}
          fallback={
            <span class={styles['subject']} data-whole="">
              <Show when={words().subject !== undefined} fallback={jailLink()}>
                <Link href="/operations" quiet>
                  {words().subject ?? ''}
                </Link>
              </Show>
            </span>
          }
        >
          <span class={styles['address']}>
            <AddressLink address={words().address ?? ''} {...(words().jail && { jail: words().jail })} />
          </span>
          <span class={styles['jail']} data-whole="">
            {jailLink()}
          </span>
        </Show>
        <span class={styles['detail']} data-whole="" title={detail()}>
          {detail()}
        </span>
        <span class={styles['country']} data-whole="">
          {words().country ? countryName(words().country ?? null) : ''}
        </span>
        <span class={styles['when']}>
          <Moment time={props.row.at} />
        </span>
      </div>
      <Show when={props.open ? ban() : undefined} keyed>
        {(known) => <BanDetail ban={known} id={id} />}
      </Show>
    </li>
  )
}

const JailLink = (props: { jail: string }): JSX.Element => (
  <Link href={`/jails/${encodeURIComponent(props.jail)}`} quiet>
    {showHidden(props.jail)}
  </Link>
)

/** A moment that ticks; no stop of the tab key in each of hundreds of rows. */
function Moment(props: { time: number }): JSX.Element {
  const now = useNow()
  return (
    <time datetime={new Date(props.time).toISOString()} data-tooltip={formatExact(props.time)}>
      {formatRelative(props.time, now())}
    </time>
  )
}
