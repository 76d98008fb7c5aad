export type Sort = { key: string; descending: boolean }

type Sortable<TRow> = { key: string; sortBy?: (row: TRow) => string | number | null }

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return words.compare(String(a), String(b))
}

/** Returns the rows in the requested order; rows without a value come last in both directions. */
export function sortRows<TRow>(
  rows: readonly TRow[],
  columns: readonly Sortable<TRow>[],
  sort: Sort | undefined,
): readonly TRow[] {
  const sortBy = columns.find((column) => column.key === sort?.key)?.sortBy
  if (!sort || !sortBy) return rows
  const sign = sort.descending ? -1 : 1
  return rows.toSorted((first, second) => {
    const [a, b] = [sortBy(first), sortBy(second)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * compare(a, b)
  })
}
