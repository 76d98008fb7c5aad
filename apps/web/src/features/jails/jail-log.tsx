import type { Event, Jail } from '@bangui/shared'
import { createMemo, type JSX } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { AddressLink } from '../addresses/address-link.tsx'

type Row = { at: number; what: string; address: string | undefined }

const words: Partial<Record<Event['type'], string>> = {
  'ban.added': 'Banned',
  'ban.removed': 'Unbanned',
  'ban.extended': 'Banned for longer',
  'failure.found': 'Failure found',
  'failure.ignored': 'Failure ignored',
  'action.failed': 'An action failed',
  'jail.changed': 'Started, stopped or loaded again',
}

const columns: readonly Column<Row>[] = [
  { key: 'at', header: 'When', width: '24%', cell: (row) => <RelativeTime time={row.at} /> },
  { key: 'what', header: 'What', width: '30%', cell: (row) => row.what },
  {
    key: 'address',
    header: 'Address',
    cell: (row) => (row.address === undefined ? '–' : <AddressLink address={row.address} menu={false} />),
  },
]

/** What a jail did since the page was opened, the newest first. */
export function JailLog(props: { jail: Jail | undefined; name: string }): JSX.Element {
  const live = useLive()
  const rows = createMemo(() =>
    live.feed.flatMap(({ event }): Row[] => {
      const what = words[event.type]
      if (what === undefined || !('jail' in event) || event.jail !== props.name) return []
      return [{ at: event.at, what, address: 'address' in event ? (event.address ?? undefined) : undefined }]
    }),
  )
  return (
    <Card
      title="What happens"
      description="Live, since this page was opened; Activity has what was before."
      flush
    >
      <DataTable
        caption={`What ${props.name} does`}
        columns={columns}
        rows={rows().slice(0, 100)}
        empty="Nothing yet. Failures and bans of this jail appear here at the moment they happen."
      />
    </Card>
  )
}
