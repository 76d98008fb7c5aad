import { children, createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { Skeleton } from './skeleton.tsx'
import styles from './data-table.module.css'
import { directionOf, SortButton } from './sort-button.tsx'
import { type Sort, sortRows } from './sort-rows.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

export type Column<TRow> = {
  key: string
  header: string
  /** explains the header on hover and focus */
  hint?: string
  cell: (row: TRow) => JSX.Element
  /** makes the column sortable */
  sortBy?: (row: TRow) => string | number | null
  /** numbers go to the end. @default 'start' */
  align?: 'start' | 'end'
  /** any CSS width */
  width?: string
  /** on a small screen's card: omitted, a whole line without a label, or at the end of the first line */
  card?: 'hidden' | 'line' | 'corner'
  /** omitted from a table that is narrower than this, in px; cards still have it */
  narrow?: 1240 | 1120 | 1000 | 840
  /** its text stays on one line, except on a card */
  oneLine?: boolean
}

export type DataTableProps<TRow> = {
  /** the content of the table, for screen readers */
  caption: string
  /** the first column names the row */
  columns: readonly Column<TRow>[]
  /** undefined until loaded; keep the identity of rows to update them in place */
  rows: readonly TRow[] | undefined
  /** the initial order */
  sort?: Sort
  /** if given, the caller keeps the order (in the URL) */
  onSort?: (sort: Sort) => void
  /** buttons or a menu at the end of a row */
  rowActions?: (row: TRow) => JSX.Element
  /** shown when there are no rows */
  empty?: JSX.Element
  /** how many rows the skeleton has. @default 5 */
  expected?: number
  /** becomes cards below 420 px instead of 720, for a table of few columns */
  few?: boolean
}

/** A table that sorts by its headers, and becomes cards on a small screen. */
export function DataTable<TRow extends object>(props: DataTableProps<TRow>): JSX.Element {
  const [ownSort, setOwnSort] = createSignal<Sort | undefined>()
  const sort = () => (props.onSort ? props.sort : (ownSort() ?? props.sort))
  const rows = createMemo(() => sortRows(props.rows ?? [], props.columns, sort()))
  const span = () => props.columns.length + (props.rowActions ? 1 : 0)

  const sortBy = (key: string) => {
    const now = sort()
    const next: Sort = { key, descending: now?.key === key ? !now.descending : false }
    if (props.onSort) props.onSort(next)
    else setOwnSort(next)
  }

  return (
    <Frame few={props.few}>
      {/* explicit roles: as cards, the elements lose their own */}
      <table class={styles['table']} role="table" aria-busy={props.rows ? undefined : true}>
        <caption>
          <VisuallyHidden>{props.caption}</VisuallyHidden>
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            <For each={props.columns}>
              {(column) => <HeaderCell column={column} sort={sort()} onSort={sortBy} />}
            </For>
            <Show when={props.rowActions}>
              <th role="columnheader" class={styles['head']} scope="col">
                <VisuallyHidden>Actions</VisuallyHidden>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody role="rowgroup">
          <For each={rows()} fallback={<Fallback pending={!props.rows} span={span()} table={props} />}>
            {(row) => (
              <tr role="row" class={styles['row']}>
                <For each={props.columns}>{(column, index) => <Cell {...{ column, row, index }} />}</For>
                <Show when={props.rowActions}>
                  {(actions) => (
                    <td role="cell" class={styles['cell']} data-actions="">
                      {actions()(row)}
                    </td>
                  )}
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Frame>
  )
}

function Frame(props: { few: boolean | undefined; children: JSX.Element }): JSX.Element {
  return (
    <div class={styles['frame']} data-few={props.few ? '' : undefined}>
      <div class={styles['room']}>{props.children}</div>
    </div>
  )
}

function Cell<TRow>(props: { column: Column<TRow>; row: TRow; index: () => number }): JSX.Element {
  return (
    <td
      role={props.index() === 0 ? 'rowheader' : 'cell'}
      class={styles['cell']}
      data-label={props.column.header}
      data-align={props.column.align}
      data-first={props.index() === 0 ? '' : undefined}
      data-card={props.column.card}
      data-narrow={props.column.narrow}
      data-one-line={props.column.oneLine ? '' : undefined}
    >
      {props.column.cell(props.row)}
    </td>
  )
}

function HeaderCell<TRow>(props: {
  column: Column<TRow>
  sort: Sort | undefined
  onSort: (key: string) => void
}): JSX.Element {
  const direction = () => directionOf(props.sort, props.column.key)
  return (
    <th
      role="columnheader"
      class={styles['head']}
      scope="col"
      // on cards, the header button is hidden
      aria-label={props.column.sortBy ? props.column.header : undefined}
      data-align={props.column.align}
      data-narrow={props.column.narrow}
      style={{ width: props.column.width }}
      aria-sort={props.column.sortBy ? (direction() ?? 'none') : undefined}
    >
      <Show
        when={props.column.sortBy}
        fallback={
          <span data-tooltip={props.column.hint} tabindex={props.column.hint ? 0 : undefined}>
            {props.column.header}
          </span>
        }
      >
        <SortButton
          header={props.column.header}
          hint={props.column.hint}
          align={props.column.align}
          direction={direction()}
          onClick={() => props.onSort(props.column.key)}
        />
      </Show>
    </th>
  )
}

function Fallback<TRow>(props: {
  pending: boolean
  span: number
  table: Pick<DataTableProps<TRow>, 'expected' | 'empty'>
}): JSX.Element {
  const empty = children(() => (props.pending ? undefined : (props.table.empty ?? 'Nothing here.')))
  const shapes = () => Array.from({ length: props.pending ? (props.table.expected ?? 5) : 1 })
  return (
    <For each={shapes()}>
      {() => (
        <tr role="row" class={styles['row']} data-shape="">
          <td
            role="cell"
            class={styles['cell']}
            colspan={props.span}
            data-empty={props.pending ? undefined : typeof empty() === 'string' ? 'words' : ''}
          >
            <Show when={props.pending} fallback={empty()}>
              <Skeleton height="16px" />
            </Show>
          </td>
        </tr>
      )}
    </For>
  )
}
