import { type HistoryRow, showHidden } from '@bangui/shared'
import { createMemo, type JSX, Show } from 'solid-js'
import { formatDuration, formatNumber } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { describeStanding } from '../../feed/event-words.ts'
import { describeWho } from '../../bans/ban-words.ts'
import { AddressLink } from '../../bans/address-link.tsx'
import styles from './address-page.module.css'

const address: Column<HistoryRow> = {
  key: 'address',
  header: 'Address',
  cell: (row) => <AddressLink address={row.address} menu={false} />,
}

const reason: Column<HistoryRow> = {
  key: 'reason',
  header: 'Reason',
  cell: (row) => showHidden(row.reason || '–'),
}

const columns: readonly Column<HistoryRow>[] = [
  {
    key: 'at',
    header: 'Banned',
    oneLine: true,
    sortBy: (row) => row.at,
    cell: (row) => <RelativeTime time={row.at} />,
  },
  {
    key: 'jail',
    header: 'Jail',
    sortBy: (row) => row.jail,
    cell: (row) => (
      <span class={styles['name']}>
        <Link href={`/jails/${encodeURIComponent(row.jail)}`} quiet>
          {showHidden(row.jail)}
        </Link>
      </span>
    ),
  },
  {
    key: 'duration',
    header: 'For',
    oneLine: true,
    sortBy: (row) => (row.duration < 0 ? Number.MAX_SAFE_INTEGER : row.duration),
    cell: (row) => formatDuration(row.duration),
  },
  {
    key: 'state',
    header: 'State',
    width: '120px',
    cell: (row) => (row.active ? 'active' : describeStanding(row)),
  },
  {
    key: 'attempts',
    header: 'Failures',
    align: 'end',
    narrow: 840,
    sortBy: (row) => row.attempts,
    cell: (row) => (row.attempts === null ? '–' : formatNumber(row.attempts)),
  },
  {
    key: 'by',
    header: 'By',
    narrow: 840,
    cell: (row) => <span class={styles['name']}>{describeWho(row)}</span>,
  },
]

/** All recorded bans of an address, or of addresses in a network, newest first. */
export function AddressHistory(props: { address: string; bans: readonly HistoryRow[] }): JSX.Element {
  const isOfOthers = () => props.bans.some((ban) => ban.address !== props.address)
  const shown = createMemo(() => [
    ...(isOfOthers() ? [address] : []),
    ...columns,
    // the number of failures has its own column
    ...(props.bans.some((ban) => ban.reason) ? [reason] : []),
  ])
  return (
    <Card
      title="Bans"
      flush
      actions={
        <Show when={props.bans.length >= 100}>
          <Link href={`/activity?search=${encodeURIComponent(props.address)}`}>All of them</Link>
        </Show>
      }
    >
      <DataTable
        caption={`Bans of ${props.address}`}
        columns={shown()}
        rows={props.bans}
        sort={{ key: 'at', descending: true }}
        empty="No ban recorded."
      />
    </Card>
  )
}
