import { type AddressDetail, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Card } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import styles from './address-page.module.css'

type Failure = AddressDetail['failures'][number]

const columns: readonly Column<Failure>[] = [
  { key: 'at', header: 'When', oneLine: true, cell: (row) => <RelativeTime time={row.at} /> },
  { key: 'jail', header: 'Jail', cell: (row) => showHidden(row.jail) },
  { key: 'address', header: 'Address', cell: (row) => <code>{showHidden(row.address)}</code> },
]

/** The log lines that caused the newest ban. They contain text from attackers. */
export function AddressLines(props: { lines: readonly string[] }): JSX.Element {
  return (
    <Card title="Log lines" description="The log lines that caused the newest ban.">
      <Show
        when={props.lines.length > 0}
        fallback={
          <p class={styles['none']}>
            No log lines are stored for the bans of this address. A manual ban has none, and log lines are
            deleted after the time that the settings allow.
          </p>
        }
      >
        <CodeBlock label="Log lines that caused the ban" code={props.lines.join('\n')} />
      </Show>
    </Card>
  )
}

/** The failures of the last 24 hours. */
export function AddressFailures(props: { failures: readonly Failure[] }): JSX.Element {
  return (
    <Card title="Failures of the last 24 hours" flush>
      <DataTable
        caption="Failures of the last 24 hours"
        columns={columns}
        few
        rows={props.failures.slice(0, 50)}
        empty="None."
      />
    </Card>
  )
}
