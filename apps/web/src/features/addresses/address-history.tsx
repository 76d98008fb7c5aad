import type { HistoryRow } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatDuration, formatNumber } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { describeStanding } from '../activity/event-words.ts'
import { describeBy, describeReason } from '../bans/ban-words.ts'

const columns: readonly Column<HistoryRow>[] = [
  {
    key: 'at',
    header: 'Banned',
    sortBy: (row) => row.at,
    cell: (row) => <RelativeTime time={row.at} />,
  },
  {
    key: 'jail',
    header: 'Jail',
    sortBy: (row) => row.jail,
    cell: (row) => (
      <Link href={`/jails/${encodeURIComponent(row.jail)}`} quiet>
        {row.jail}
      </Link>
    ),
  },
  {
    key: 'duration',
    header: 'For',
    sortBy: (row) => (row.duration < 0 ? Number.MAX_SAFE_INTEGER : row.duration),
    cell: (row) => formatDuration(row.duration),
  },
  { key: 'end', header: 'Ended', cell: describeStanding },
  {
    key: 'attempts',
    header: 'Failures',
    align: 'end',
    sortBy: (row) => row.attempts,
    cell: (row) => (row.attempts === null ? '–' : formatNumber(row.attempts)),
  },
  { key: 'by', header: 'By', cell: (row) => describeBy(row.by) },
  {
    key: 'reason',
    header: 'Reason',
    narrow: 1000,
    cell: (row) => describeReason(row) || '–',
  },
]

/** Every ban of an address that is known, the newest first. */
export function AddressHistory(props: { address: string; bans: readonly HistoryRow[] }): JSX.Element {
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
        columns={columns}
        rows={props.bans}
        sort={{ key: 'at', descending: true }}
        empty="BanGUI knows of no ban of it."
      />
    </Card>
  )
}
