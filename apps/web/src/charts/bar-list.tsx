import { showHidden } from '@bangui/shared'
import { A } from '@solidjs/router'
import { createMemo, For, type JSX, Show } from 'solid-js'
import { usePageHref } from '../lib/page-host.ts'
import { unitFor } from '../lib/format-counts.ts'
import { formatNumber } from '../lib/format.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { BarBehind } from './bar-behind.tsx'
import styles from './bar-list.module.css'

export type BarRow = {
  key: string
  label: string
  value: number
  /** the list that the row links to */
  href?: string
  /** a few words after the label */
  note?: string | undefined
  /** a monospace face, for addresses */
  mono?: boolean
}

export type BarListProps = {
  /** the content of the list, for screen readers */
  label: string
  /** the unit of the values: "bans" */
  unit: string
  rows: readonly BarRow[]
}

/** Values with bars behind them, highest first; a row links to the list behind it. Values change in place. */
export function BarList(props: BarListProps): JSX.Element {
  const most = createMemo(() => Math.max(1, ...props.rows.map(({ value }) => value)))
  const byKey = createMemo(() => new Map(props.rows.map((row) => [row.key, row])))
  return (
    <ol class={styles['list']} aria-label={props.label}>
      <For each={[...byKey().keys()]}>
        {(key) => (
          <Show when={byKey().get(key)}>
            {(row) => <Row row={row()} share={row().value / most()} unit={props.unit} />}
          </Show>
        )}
      </For>
    </ol>
  )
}

function Row(props: { row: BarRow; share: number; unit: string }): JSX.Element {
  const pageHref = usePageHref()
  return (
    <li class={styles['row']}>
      <BarBehind share={props.share} />
      <span class={styles['label']} data-mono={props.row.mono ? '' : undefined}>
        <Show when={props.row.href} fallback={showHidden(props.row.label)}>
          {(href) => (
            <A class={styles['link']} href={pageHref(href())}>
              {showHidden(props.row.label)}
            </A>
          )}
        </Show>
      </span>
      <Show when={props.row.note}>
        <span class={styles['note']}>{props.row.note}</span>
      </Show>
      <span class={styles['value']}>
        {formatNumber(props.row.value)}
        <VisuallyHidden> {unitFor(props.row.value, props.unit)}</VisuallyHidden>
      </span>
    </li>
  )
}
