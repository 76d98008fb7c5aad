import ArrowDown from 'lucide-solid/icons/arrow-down'
import ArrowUp from 'lucide-solid/icons/arrow-up'
import { type JSX, Show } from 'solid-js'
import styles from './sort-button.module.css'
import type { Sort } from './sort-rows.ts'

export type SortDirection = 'ascending' | 'descending'

/** Returns the sort direction of a column for ARIA; undefined if the table is not sorted by it. */
export function directionOf(sort: Sort | undefined, key: string | undefined): SortDirection | undefined {
  if (key === undefined || sort?.key !== key) return undefined
  return sort.descending ? 'descending' : 'ascending'
}

export type SortButtonProps = {
  header: string
  /** undefined: sorted by another column */
  direction: SortDirection | undefined
  /** explains the column on hover and focus */
  hint?: string | undefined
  /** numbers go to the end. @default 'start' */
  align?: 'start' | 'end' | undefined
  onClick: () => void
}

/** The button in the header of a sortable column; the header itself has `aria-sort`. */
export function SortButton(props: SortButtonProps): JSX.Element {
  return (
    <button
      class={styles['sort']}
      type="button"
      data-active={props.direction}
      data-align={props.align}
      data-tooltip={props.hint}
      onClick={() => props.onClick()}
    >
      {props.header}
      <span class={styles['arrow']} aria-hidden="true">
        <Show when={props.direction === 'descending'} fallback={<ArrowUp />}>
          <ArrowDown />
        </Show>
      </span>
    </button>
  )
}
