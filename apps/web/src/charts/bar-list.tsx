import { A } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { formatNumber } from '../lib/format.ts'
import styles from './bar-list.module.css'

export type BarRow = {
  key: string
  label: string
  value: number
  /** the list behind it */
  href?: string
  /** a few words after the label */
  note?: string | undefined
  /** a monospace face, for addresses */
  mono?: boolean
}

export type BarListProps = {
  /** what the list holds, for screen readers */
  label: string
  /** of the figures: "bans" */
  unit: string
  rows: readonly BarRow[]
}

/** Figures with bars behind them, greatest first; a row leads to the list behind it. */
export function BarList(props: BarListProps): JSX.Element {
  const most = () => Math.max(1, ...props.rows.map(({ value }) => value))
  return (
    <ol class={styles['list']} aria-label={props.label}>
      <For each={props.rows}>
        {(row) => (
          <li class={styles['row']}>
            <div
              class={styles['bar']}
              style={{ transform: `scaleX(${row.value / most()})` }}
              aria-hidden="true"
            />
            <span class={styles['label']} data-mono={row.mono ? '' : undefined}>
              <Show when={row.href} fallback={row.label}>
                {(href) => (
                  <A class={styles['link']} href={href()}>
                    {row.label}
                  </A>
                )}
              </Show>
            </span>
            <Show when={row.note}>
              <span class={styles['note']}>{row.note}</span>
            </Show>
            <span class={styles['value']}>
              {formatNumber(row.value)}
              <span class={styles['unit']}> {props.unit}</span>
            </span>
          </li>
        )}
      </For>
    </ol>
  )
}
