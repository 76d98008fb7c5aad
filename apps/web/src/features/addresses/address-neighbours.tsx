import type { AddressDetail } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { AddressLink } from '../../bans/address-link.tsx'
import { addressHref } from '../../lib/address-path.ts'

type Neighbour = AddressDetail['neighbours'][number]

const columns: readonly Column<Neighbour>[] = [
  {
    key: 'address',
    header: 'Address',
    cell: (row) => <AddressLink address={row.address} menu={false} />,
  },
  {
    key: 'active',
    header: 'Now',
    oneLine: true,
    cell: (row) => (
      <Show when={row.active} fallback="not banned">
        <Badge tone="danger">banned</Badge>
      </Show>
    ),
  },
  {
    key: 'bans',
    header: 'Bans',
    align: 'end',
    sortBy: (row) => row.bans,
    cell: (row) => formatNumber(row.bans),
  },
  {
    key: 'last',
    header: 'Last ban',
    oneLine: true,
    sortBy: (row) => row.lastAt,
    cell: (row) => <RelativeTime time={row.lastAt} />,
  },
]

/** Other banned addresses of the same network: a network that attacks can be banned as a whole. */
export function AddressNeighbours(props: { detail: AddressDetail }): JSX.Element {
  return (
    <Card
      title="Neighbours"
      description={
        <Show when={props.detail.network} fallback="Addresses inside this network that were banned.">
          {(network) => (
            <>
              Other addresses in <Link href={addressHref(network())}>{network()}</Link> that were banned.
            </>
          )}
        </Show>
      }
      flush
    >
      <DataTable
        caption="Neighbours"
        columns={columns}
        few
        rows={props.detail.neighbours}
        empty="No other address of this network was ever banned here."
      />
    </Card>
  )
}
