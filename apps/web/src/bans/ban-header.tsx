import { For, type JSX, Show } from 'solid-js'
import { Checkbox } from '../ui/checkbox.tsx'
import { directionOf, SortButton } from '../ui/sort-button.tsx'
import type { Sort } from '../ui/sort-rows.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { type BanColumn, banColumns } from './ban-columns.ts'
import styles from './ban-list.module.css'

export type BanHeaderProps = {
  sort: Sort
  onSort: (key: string) => void
  /** undefined: bans cannot be selected */
  chosen: 'none' | 'some' | 'all' | undefined
  onChooseAll: (chosen: boolean) => void
}

/** The headers of the list, which sort it, and the checkbox that selects every ban. */
export function BanHeader(props: BanHeaderProps): JSX.Element {
  return (
    <div role="row" class={styles['header']} aria-rowindex={1}>
      <span role="columnheader" class={styles['pick']}>
        <Show when={props.chosen} fallback={<VisuallyHidden>Chosen</VisuallyHidden>}>
          {(chosen) => (
            <Checkbox
              name="Select every ban of this list"
              label=""
              checked={chosen() === 'all'}
              partly={chosen() === 'some'}
              onChange={(wanted) => props.onChooseAll(wanted)}
            />
          )}
        </Show>
      </span>
      <For each={banColumns}>
        {(column) => <HeaderCell column={column} sort={props.sort} onSort={props.onSort} />}
      </For>
    </div>
  )
}

function HeaderCell(props: { column: BanColumn; sort: Sort; onSort: (key: string) => void }): JSX.Element {
  const direction = () => directionOf(props.sort, props.column.sort)
  return (
    <span
      role="columnheader"
      class={styles['head']}
      data-column={props.column.key}
      aria-sort={props.column.sort ? (direction() ?? 'none') : undefined}
    >
      <Show when={props.column.sort} fallback={props.column.header}>
        {(key) => (
          <SortButton
            header={props.column.header}
            hint={'hint' in props.column ? props.column.hint : undefined}
            direction={direction()}
            onClick={() => props.onSort(key())}
          />
        )}
      </Show>
    </span>
  )
}
