import { type IgnoreStatus, type ListedIgnore, showHidden } from '@bangui/shared'
import { createMemo, type JSX, Show } from 'solid-js'
import { Card } from '../../ui/card.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import styles from './allow-list.module.css'
import { AddressText } from './address-text.tsx'
import { jailsText } from './hold-words.ts'

/** What fail2ban's configuration has beside BanGUI's entries, and what somebody set until the next load. */
export function ConfiguredCard(props: {
  entries: readonly ListedIgnore[]
  status: IgnoreStatus | undefined
}): JSX.Element {
  const columns = createMemo(() => columnsOf(props.status?.offline ?? null))
  return (
    <Show when={props.entries.length > 0}>
      <Card
        title="Also never banned"
        description="Entries that others wrote into fail2ban’s configuration, or set until the next load. Change them where they stand."
        flush
      >
        <DataTable caption="Entries that are not BanGUI’s" columns={columns()} rows={props.entries} />
      </Card>
    </Show>
  )
}

const columnsOf = (offline: string | null): Column<ListedIgnore>[] => [
  {
    key: 'address',
    header: 'Address',
    sortBy: ({ address }) => address,
    cell: (entry) => <AddressText address={entry.address} />,
  },
  {
    key: 'jail',
    header: 'For',
    hint: 'A jail with an ignore list of its own does not have the entries of [DEFAULT].',
    cell: ({ jail, source }) =>
      source === 'runtime' || jail !== null ? showHidden(jail ?? '') : 'Jails without a list of their own',
  },
  {
    key: 'place',
    header: 'Where it stands',
    card: 'line',
    cell: (entry) => (
      <Show
        when={entry.source === 'config'}
        fallback={<span class={styles['none']}>Set until the next load</span>}
      >
        <code class={styles['file']}>{showHidden(entry.file ?? '')}</code>
        <Show when={entry.line}>{(number) => <>, line {number()}</>}</Show>
      </Show>
    ),
  },
  {
    key: 'holds',
    header: 'Holds now',
    cell: ({ holdsIn }) =>
      offline !== null ? 'Not known' : holdsIn.length === 0 ? 'In no running jail' : jailsText(holdsIn),
  },
]
