import { type HistoryRow, showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createUniqueId, type JSX, Show } from 'solid-js'
import { countryName } from '../../lib/country.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { AddressLink } from '../../bans/address-link.tsx'
import { describeWho } from '../../bans/ban-words.ts'
import { describeStanding } from '../../feed/event-words.ts'
import { BanDetail } from './ban-detail.tsx'
import styles from './history-list.module.css'

export type HistoryRowProps = {
  row: HistoryRow
  open: boolean
  onToggle: () => void
}

/** One ban; opened, it shows the reason, how often, and the log lines that caused it. */
export function HistoryRowView(props: HistoryRowProps): JSX.Element {
  const id = createUniqueId()
  return (
    <li class={styles['item']}>
      <div class={styles['row']}>
        <span class={styles['open']} data-open={props.open ? '' : undefined}>
          <IconButton
            size="sm"
            icon={<ChevronRight />}
            label={`${props.open ? 'Hide' : 'Show'} details of the ban of ${props.row.address}`}
            aria-expanded={props.open}
            aria-controls={id}
            onClick={() => props.onToggle()}
          />
        </span>
        <span class={styles['address']}>
          <AddressLink address={props.row.address} jail={props.row.jail} />
        </span>
        <span class={styles['jail']} data-whole="">
          <Link href={`/jails/${encodeURIComponent(props.row.jail)}`} quiet>
            {showHidden(props.row.jail)}
          </Link>
        </span>
        <span class={styles['country']} data-whole="">
          {countryName(props.row.country)}
        </span>
        <span class={styles['by']} data-whole="">
          {describeWho(props.row)}
        </span>
        <span class={styles['state']} data-whole="">
          {describeStanding(props.row)}
        </span>
        <span class={styles['when']}>
          <RelativeTime time={props.row.at} />
        </span>
      </div>
      <Show when={props.open}>
        <BanDetail ban={props.row} id={id} />
      </Show>
    </li>
  )
}
