import { type AddressDetail, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useAddFilterTest } from '../../bans/add-filter-test.ts'
import { useCan } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { AsyncButton } from '../../ui/async-button.tsx'
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
export function AddressLines(props: { detail: AddressDetail }): JSX.Element {
  const live = useLive()
  const mayKeep = useCan('config.write')
  const addTest = useAddFilterTest()
  /** the filter of the jail that made the newest ban, whose lines these are; undefined: it is not known */
  const filter = () => {
    const jail = props.detail.bans[0]?.jail
    return live.jails?.find(({ name }) => name === jail)?.filter ?? undefined
  }
  return (
    <Card title="Log lines" description="The log lines that caused the newest ban.">
      <Show
        when={props.detail.lines.length > 0}
        fallback={
          <p class={styles['none']}>
            No log lines are stored for the bans of this address. A manual ban has none, and log lines are
            deleted after the time that the settings allow.
          </p>
        }
      >
        <CodeBlock label="Log lines that caused the ban" code={props.detail.lines.join('\n')} />
        <Show when={mayKeep() && filter()}>
          {(name) => (
            <div class={styles['keep']}>
              <p>
                A test of the filter {showHidden(name())} makes sure that it goes on matching a line: it runs
                on each change of the filter.
              </p>
              <ul>
                <For each={[...new Set(props.detail.lines)].filter((line) => !line.startsWith('#'))}>
                  {(line) => (
                    <li>
                      <AsyncButton
                        size="sm"
                        onPress={() =>
                          addTest({ filter: name(), mode: null, line, address: props.detail.address })
                        }
                      >
                        Keep as test of filter {showHidden(name())}
                      </AsyncButton>
                      <code>{showHidden(line)}</code>
                    </li>
                  )}
                </For>
              </ul>
            </div>
          )}
        </Show>
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
