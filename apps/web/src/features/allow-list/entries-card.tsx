import { showHidden, type IgnoreStatus, type ListedIgnore } from '@bangui/shared'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import ShieldUser from 'lucide-solid/icons/shield-user'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Menu } from '../../ui/menu.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { AddressText } from './address-text.tsx'
import styles from './allow-list.module.css'
import { EntryDialog } from './entry-dialog.tsx'
import { ExportLink } from './export-link.tsx'
import { entryProblems, holdWords, scopeText } from './hold-words.ts'
import { useRemoveEntry } from './remove-entry.ts'

type Status = Pick<IgnoreStatus, 'offline'>

/** The entries of BanGUI, with where each holds. */
export function EntriesCard(props: {
  entries: readonly ListedIgnore[]
  status: IgnoreStatus | undefined
  onAdd: (() => void) | undefined
}): JSX.Element {
  const canChange = useCanChange('ignores.write')
  const remove = useRemoveEntry()
  const [shown, setShown] = createSignal<number | null>(null)
  const columns = createMemo(() => columnsOf({ offline: props.status?.offline ?? null }, setShown))
  const opened = () => props.entries.find(({ id }) => id !== null && id === shown())
  const actions = (entry: ListedIgnore) => (
    <Menu
      label={`Actions for ${entry.address}`}
      trigger={<Ellipsis aria-hidden="true" />}
      tooltip={false}
      items={[
        { label: 'Details…', onSelect: () => setShown(entry.id) },
        ...(canChange()
          ? [
              {
                label: 'Remove',
                tone: 'danger' as const,
                separated: true,
                onSelect: () => void remove(entry),
              },
            ]
          : []),
      ]}
    />
  )
  return (
    <Card
      title="Entries"
      description="They hold at once in every running jail, and stay in fail2ban’s configuration until they end."
      actions={<ExportLink entries={props.entries} />}
      flush
    >
      <DataTable
        caption="The entries of the allow list"
        columns={columns()}
        rows={props.entries}
        rowActions={actions}
        empty={
          <EmptyState
            icon={<ShieldUser />}
            title="Nothing is on the allow list yet"
            action={
              <Show when={props.onAdd}>
                {(add) => (
                  <Button variant="primary" onClick={() => add()()}>
                    Add entry
                  </Button>
                )}
              </Show>
            }
          >
            Add the addresses from which you and your services sign in, so that a mistake never locks you out.
          </EmptyState>
        }
      />
      <Show when={opened()}>
        {(entry) => (
          <EntryDialog
            entry={entry()}
            status={props.status ?? { offline: null }}
            onClose={() => setShown(null)}
          />
        )}
      </Show>
    </Card>
  )
}

const columnsOf = (status: Status, open: (id: number | null) => void): Column<ListedIgnore>[] => [
  {
    key: 'address',
    header: 'Address',
    sortBy: ({ address }) => address,
    cell: (entry) => <AddressText address={entry.address} />,
  },
  { key: 'jail', header: 'For', sortBy: scopeText, cell: (entry) => scopeText(entry) },
  {
    key: 'note',
    header: 'Note',
    cell: (entry) => (
      <Show when={entry.note} fallback={<span class={styles['none']}>–</span>}>
        {(note) => <span class={styles['note']}>{showHidden(note())}</span>}
      </Show>
    ),
  },
  {
    key: 'added',
    header: 'Added',
    narrow: 1000,
    sortBy: ({ addedAt }) => addedAt,
    cell: (entry) => (
      <span>
        <Show when={entry.addedAt}>{(at) => <RelativeTime time={at()} />}</Show> by{' '}
        {showHidden(entry.by ?? '')}
      </span>
    ),
  },
  {
    key: 'ends',
    header: 'Ends',
    sortBy: ({ expiresAt }) => expiresAt ?? Number.MAX_SAFE_INTEGER,
    cell: (entry) => (
      <Show when={entry.expiresAt} fallback="Never">
        {(at) => <RelativeTime time={at()} />}
      </Show>
    ),
  },
  {
    key: 'holds',
    header: 'Holds now',
    cell: (entry) => {
      const words = () => holdWords(entry, status)
      return (
        <span class={styles['holds']}>
          <Badge tone={words().tone}>{words().text}</Badge>
          <Show when={entryProblems(entry).length > 0}>
            <Button size="sm" variant="ghost" onClick={() => open(entry.id)}>
              Why
            </Button>
          </Show>
        </span>
      )
    },
  },
]
